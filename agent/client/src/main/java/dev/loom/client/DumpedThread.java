package dev.loom.client;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A thread as it was at one moment.
 *
 * @param state one of {@link Thread.State}; {@code UNKNOWN} for what is none
 * @param lock what it is blocked on, waits on or is parked for; null if for nothing, or nothing is known
 * @param owner number of the thread that holds {@code lock}; -1 if nobody does, or nothing is known
 * @param stack the innermost frame first
 * @param held the monitors that it holds, each with the frame that took it
 */
public record DumpedThread(
        long id, String name, String state, boolean daemon, int priority, boolean inNative, boolean suspended, @Nullable DumpedLock lock, long owner,
        List<DumpedFrame> stack, List<Held> held) {

    public DumpedThread {
        stack = List.copyOf(stack);
        held = List.copyOf(held);
    }

    /** A monitor that a thread holds. @param depth of the frame that took it, 0 is the innermost */
    public record Held(DumpedLock lock, int depth) {}

    /** Whether it has given the monitor back and waits to be told: {@code Object.wait()}. Whoever holds the monitor meanwhile is not in its way. */
    public boolean isNotified() {
        return !state.equals("BLOCKED") && !stack.isEmpty() && stack.get(0).type().equals("java.lang.Object") && stack.get(0).method().startsWith("wait");
    }

    /** Whether it cannot go on before another thread lets go of {@code lock}. */
    public boolean isInWait() {
        return lock != null && owner >= 0 && owner != id && !isNotified();
    }

    /** Whether it goes on by itself after a time. */
    public boolean isTimed() {
        return state.equals("TIMED_WAITING");
    }
}
