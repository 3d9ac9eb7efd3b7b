package dev.loom.filter.suggest;

import java.util.List;

/**
 * One stack, as a JVM printed it.
 *
 * @param name of the thread, or what the exception says; may be empty
 * @param state as printed, {@code BLOCKED}; empty for an exception
 * @param frames the innermost first
 * @param isDeadlocked whether the JVM counts the thread to a deadlock
 */
public record StackTrace(String name, String state, List<Frame> frames, boolean isDeadlocked) {

    public StackTrace {
        frames = List.copyOf(frames);
    }

    /**
     * One frame.
     *
     * @param type class name with dots, {@code com.acme.Bank$Worker}
     * @param method its name
     * @param line -1 if not printed
     * @param locks what the frame has locked, by the address that was printed
     * @param wants what it waits for, by address; empty if nothing
     */
    public record Frame(String type, String method, int line, List<String> locks, String wants) {
        public Frame {
            locks = List.copyOf(locks);
        }
    }
}
