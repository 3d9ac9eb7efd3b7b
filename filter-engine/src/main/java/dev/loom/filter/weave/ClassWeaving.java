package dev.loom.filter.weave;

import java.util.Map;

/**
 * What to do with one class.
 *
 * @param switchPoints whether its methods get switch points
 * @param methods what is different from that in single methods, by name and descriptor
 */
public record ClassWeaving(boolean switchPoints, Map<String, MethodWeaving> methods) {

    /** The static part alone. */
    public static final ClassWeaving STATIC = new ClassWeaving(true, Map.of());

    public ClassWeaving {
        methods = Map.copyOf(methods);
    }
}
