package dev.loom.demo;

/** What a demo JVM tells about itself, as {@code dev.loom.demo:type=Demo}. */
public interface DemoMXBean {

    /** What races here, in one sentence. */
    String getDescription();

    /** Operations done since the start. */
    long getOperations();

    /** Operations of which the race spoiled the result. */
    long getFailures();

    /** Failures per second over the last five seconds. */
    double getFailuresPerSecond();

    /** What the last failure was and when, or an empty text. */
    String getLastFailure();
}
