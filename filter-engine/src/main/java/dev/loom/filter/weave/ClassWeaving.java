package dev.loom.filter.weave;

import dev.loom.filter.weave.watch.WatchPlaces;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What to do with one class.
 *
 * @param updatePoints whether its methods get update points
 * @param methods what is different from that in single methods, by name and descriptor
 * @param polls bits of the constraints {@code r <> *} in whose scope the class is: its methods get polls; 0 for none
 * @param later whether methods whose frames are gone soon are left without update points, if nothing else is woven into the class
 * @param watch numbers its watch points; null for none
 */
public record ClassWeaving(
        boolean updatePoints, Map<String, MethodWeaving> methods, int polls, boolean later, @Nullable WatchPlaces watch) {

    /** The static part alone. */
    public static final ClassWeaving STATIC = new ClassWeaving(true, Map.of());

    /** The static part of methods whose frames may live for long. */
    public static final ClassWeaving URGENT = new ClassWeaving(true, Map.of(), 0, true);

    /** Without polls. */
    public ClassWeaving(boolean updatePoints, Map<String, MethodWeaving> methods) {
        this(updatePoints, methods, 0);
    }

    /** All at once. */
    public ClassWeaving(boolean updatePoints, Map<String, MethodWeaving> methods, int polls) {
        this(updatePoints, methods, polls, false);
    }

    /** Without watch points. */
    public ClassWeaving(boolean updatePoints, Map<String, MethodWeaving> methods, int polls, boolean later) {
        this(updatePoints, methods, polls, later, null);
    }

    public ClassWeaving {
        methods = Map.copyOf(methods);
        later &= methods.isEmpty() && polls == 0;
    }

    /** The same without watch points. */
    public ClassWeaving unwatched() {
        return new ClassWeaving(updatePoints, methods, polls, later);
    }
}
