package dev.loom.filter.weave;

import java.util.Map;

/**
 * What to do with one class.
 *
 * @param updatePoints whether its methods get update points
 * @param methods what is different from that in single methods, by name and descriptor
 * @param polls bits of the constraints {@code r <> *} in whose scope the class is: its methods get polls; 0 for none
 */
public record ClassWeaving(boolean updatePoints, Map<String, MethodWeaving> methods, int polls) {

    /** The static part alone. */
    public static final ClassWeaving STATIC = new ClassWeaving(true, Map.of());

    /** Without polls. */
    public ClassWeaving(boolean updatePoints, Map<String, MethodWeaving> methods) {
        this(updatePoints, methods, 0);
    }

    public ClassWeaving {
        methods = Map.copyOf(methods);
    }
}
