package dev.loom.agent.stack;

import org.jspecify.annotations.Nullable;

/**
 * One look at one thread.
 *
 * @param frames top first
 * @param cut whether the JVM may have left frames out at the bottom: then no depth means anything
 */
public record ThreadStack(long id, String name, String state, StackTraceElement[] frames, boolean cut) {

    /** The frame at a depth counted from the bottom, 0 being the lowest; null if the stack is not that deep. */
    public @Nullable StackTraceElement atDepth(int depth) {
        int index = frames.length - 1 - depth;
        return index < 0 || index >= frames.length ? null : frames[index];
    }
}
