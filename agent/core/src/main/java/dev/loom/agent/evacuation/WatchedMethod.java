package dev.loom.agent.evacuation;

import dev.loom.filter.analysis.UnsafeLines;
import java.util.Set;

/**
 * A method whose older frames matter.
 *
 * @param type class name as stack traces write it
 * @param key name and descriptor
 * @param prepared unsafe lines of code that has switch points
 * @param unprepared unsafe lines of code from before the agent
 * @param everywhere whether a frame is in the way wherever it stands: when woven code has to be left for good
 * @param named whether the class names its source file, so that frames of superseded code can be told from new ones
 */
record WatchedMethod(
        String type, String key, UnsafeLines prepared, UnsafeLines unprepared, boolean everywhere, boolean named) {

    /** Line number of stubs and restores, see the weaver: a frame there comes to a guard before it does anything. */
    private static final Set<Integer> SWITCHING = Set.of(65535, 65534);

    /** The same method, with every place in the way. */
    WatchedMethod forDeparture() {
        return new WatchedMethod(type, key, prepared, unprepared, true, named);
    }

    String name() {
        return key.substring(0, key.indexOf('('));
    }

    static boolean isSwitching(StackTraceElement frame) {
        return SWITCHING.contains(frame.getLineNumber());
    }

    static boolean isShell(StackTraceElement frame) {
        return frame.getLineNumber() == 65535;
    }

    /** Whether a frame may be one of this method (overloads are told apart by their lines). */
    boolean mayBe(StackTraceElement frame) {
        int line = frame.getLineNumber();
        return frame.getClassName().equals(type)
                && frame.getMethodName().equals(name())
                && (line < 0 || isSwitching(frame) || prepared.lines().contains(line) || prepared.lines().isEmpty());
    }

    /** Whether a frame may run superseded code. */
    boolean mayBeOld(StackTraceElement frame) {
        return !named || frame.getFileName() == null;
    }

    /**
     * Whether a frame of superseded code can still do harm where it stands.
     *
     * @param ancient whether it is older than the agent
     */
    boolean isUnsafe(ThreadStack stack, int depth, boolean ancient) {
        StackTraceElement frame = stack.atDepth(depth);
        if (isSwitching(frame)) {
            // a shell has its continuation above it. Without that the frame is just leaving, and may yet fail to, or is just
            // arriving in code that is superseded already: it may have asked its guard before the guard was turned on
            StackTraceElement above = stack.atDepth(depth + 1);
            boolean forwards = isShell(frame) && above != null && above.getClassName().equals(type)
                    && above.getMethodName().equals(name());
            return !forwards && (everywhere || !prepared.isEmpty());
        }
        return everywhere || (ancient ? unprepared : prepared).isUnsafe(frame.getLineNumber(), stack.isTop(depth));
    }
}
