package dev.loom.agent.stack;

/**
 * One look at one thread.
 *
 * @param number the JVM's number of it, see {@link Threads#number}
 * @param state not seen earlier than the frames
 * @param frames top first
 */
public record ThreadLook(Thread thread, long number, Thread.State state, StackTraceElement[] frames) {}
