package dev.loom.agent.evacuation;

import dev.loom.agent.stack.ThreadStack;
import dev.loom.filter.analysis.UnsafeLines;
import dev.loom.filter.weave.body.HookAbi;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A method whose older frames matter.
 *
 * @param type class name as stack traces write it
 * @param key name and descriptor
 * @param prepared unsafe lines of code that has update points
 * @param unprepared unsafe lines of code from before the agent
 * @param named whether frames of superseded code can be told from new ones: the class names its source file
 * @param polled where it is the want of polls that makes older code unsafe: whether a class has them. A frame that has called
 *     such code does nothing before that code returns, and until then stops where that stops. Null where regions matter
 */
public record WatchedMethod(
        String type, String key, UnsafeLines prepared, UnsafeLines unprepared, boolean named, @Nullable Predicate<String> polled) {

    public WatchedMethod(String type, String key, UnsafeLines prepared, UnsafeLines unprepared, boolean named) {
        this(type, key, prepared, unprepared, named, null);
    }

    /** What a frame is to a change of code. */
    public enum Place {
        /** Of another method. */
        OTHER,
        /** In the newest code. */
        NEW,
        /** Left behind, to forward to its continuation. */
        SHELL,
        /** In older code, and it comes to a guard before it can do harm. */
        SAFE,
        /** In older code, inside a region or before one with no guard in between. */
        UNSAFE
    }

    /** What hooks are in. */
    private static final String LOOM = "dev.loom.bootstrap.";

    /** Names the method as far as a stack trace does. */
    public static String shown(String type, String method) {
        return type + "#" + method;
    }

    public String name() {
        return key.substring(0, key.indexOf('('));
    }

    /**
     * Where the frame at a depth of a stack stands.
     *
     * @param ancient whether it is older than the agent
     */
    public Place place(ThreadStack stack, int depth, boolean ancient) {
        StackTraceElement frame = stack.atDepth(depth);
        if (frame == null || !mayBe(frame)) {
            return Place.OTHER;
        }
        if (named && frame.getFileName() != null) {
            return Place.NEW;
        }
        UnsafeLines unsafe = ancient ? unprepared : prepared;
        if (frame.getLineNumber() < 0 && !unsafe.lines().isEmpty()) {
            return placeByCall(unsafe, stack, depth);
        }
        if (isSwitching(frame)) {
            // a shell has its continuation above it. Without that the frame is just leaving, and may yet fail to, or is just
            // arriving in code that is superseded already: it may have asked its guard before the guard was turned on
            StackTraceElement above = stack.atDepth(depth + 1);
            boolean forwards = frame.getLineNumber() == HookAbi.SHELL_LINE && above != null && isOfThis(above);
            return forwards ? Place.SHELL : Place.UNSAFE;
        }
        if (waitsForPolled(stack, depth)) {
            return Place.SAFE;
        }
        return isUnsafe(unsafe, frame, stack.atDepth(depth + 1)) ? Place.UNSAFE : Place.SAFE;
    }

    /** Whether a frame may do harm from its line; one that waits in a hook of its version goes on there as one that runs would. */
    private static boolean isUnsafe(UnsafeLines unsafe, StackTraceElement frame, @Nullable StackTraceElement callee) {
        boolean runs = callee == null || callee.getClassName().startsWith(LOOM);
        return unsafe.isUnsafe(frame.getLineNumber(), runs ? null : called(callee));
    }

    /** Whether the frame at a depth, of whatever code, may be inside a region or on its way there. */
    public boolean isInside(ThreadStack stack, int depth) {
        StackTraceElement frame = stack.atDepth(depth);
        if (polled != null || frame == null || !mayBe(frame) || frame.getLineNumber() == HookAbi.SHELL_LINE) {
            return false;
        }
        return frame.getLineNumber() < 0
                ? placeByCall(prepared, stack, depth) == Place.UNSAFE
                : isUnsafe(prepared, frame, stack.atDepth(depth + 1));
    }

    private static String called(StackTraceElement callee) {
        return UnsafeLines.called(callee.getClassName(), callee.getMethodName());
    }

    /** Where a frame stands whose line the JVM does not tell: one of a virtual thread that waits. */
    private Place placeByCall(UnsafeLines unsafe, ThreadStack stack, int depth) {
        StackTraceElement above = stack.atDepth(depth + 1);
        if (above == null) {
            return Place.UNSAFE;
        }
        if (isOfThis(above) && !unsafe.calls().contains(name())) {
            return Place.SHELL; // it does not call itself: that is its continuation
        }
        return !waitsForPolled(stack, depth) && unsafe.isUnsafeCalling(called(above)) ? Place.UNSAFE : Place.SAFE;
    }

    /** Whether what the frame has called has polls. */
    private boolean waitsForPolled(ThreadStack stack, int depth) {
        if (polled == null) {
            return false;
        }
        StackTraceElement callee = stack.atDepth(depth + 1);
        for (int d = depth + 2; callee != null && callee.getClassName().indexOf('/') >= 0; d++) {
            // a lambda's own class, through which the call goes
            callee = stack.atDepth(d);
        }
        return callee != null && polled.test(callee.getClassName());
    }

    private boolean isOfThis(StackTraceElement frame) {
        return frame.getClassName().equals(type) && frame.getMethodName().equals(name());
    }

    private static boolean isSwitching(StackTraceElement frame) {
        return frame.getLineNumber() == HookAbi.SHELL_LINE || frame.getLineNumber() == HookAbi.RESTORE_LINE;
    }

    /** Whether a frame may be one of this method; overloads are told apart by their lines. */
    private boolean mayBe(StackTraceElement frame) {
        int line = frame.getLineNumber();
        return isOfThis(frame)
                && (line < 0 || isSwitching(frame) || prepared.lines().contains(line) || prepared.lines().isEmpty());
    }
}
