package dev.loom.filter.suggest;

import java.util.List;

/**
 * One stack, as a JVM printed it.
 *
 * @param name of the thread, or what the exception says; may be empty
 * @param state as printed, {@code BLOCKED}; empty for an exception
 * @param frames the innermost first
 * @param owned locks that the thread holds and that no frame was printed with
 * @param isDeadlocked whether the JVM counts the thread to a deadlock, or what it waits for says so
 */
public record StackTrace(String name, String state, List<Frame> frames, List<String> owned, boolean isDeadlocked) {

    public StackTrace {
        frames = List.copyOf(frames);
        owned = List.copyOf(owned);
    }

    StackTrace asDeadlocked() {
        return new StackTrace(name, state, frames, owned, true);
    }

    StackTrace owning(List<String> locks) {
        return new StackTrace(name, state, frames, locks, isDeadlocked);
    }

    /** What the thread waits for, by address; empty if nothing was printed. */
    String wants() {
        return frames.stream().map(Frame::wants).filter(w -> !w.isEmpty()).findFirst().orElse("");
    }

    /** Whether the stack is that of a thread and not of an exception. */
    boolean isThread() {
        return !state.isEmpty() || isDeadlocked || frames.stream().anyMatch(f -> !f.wants().isEmpty() || !f.locks().isEmpty());
    }

    /**
     * One frame.
     *
     * @param type class name with dots, {@code com.acme.Bank$Worker}
     * @param method its name
     * @param line -1 if not printed
     * @param locks what the frame has locked, by the address that was printed
     * @param wants what it waits for, by address; {@code class com.acme.Bank} for the initialization of a class; empty if nothing
     * @param wantsType class of what it waits for; empty if not printed
     */
    public record Frame(String type, String method, int line, List<String> locks, String wants, String wantsType) {
        public Frame {
            locks = List.copyOf(locks);
        }

        Frame locking(String lock) {
            List<String> more = new java.util.ArrayList<>(locks);
            more.add(lock);
            return new Frame(type, method, line, more, wants, wantsType);
        }

        Frame without(String lock) {
            return new Frame(type, method, line, locks.stream().filter(l -> !l.equals(lock)).toList(), wants, wantsType);
        }

        Frame waitingFor(String lock, String lockType) {
            return new Frame(type, method, line, locks, lock, lockType);
        }
    }
}
