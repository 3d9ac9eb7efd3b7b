package dev.loom.console.jmx;

/** An application's own counters at one moment. */
public record AppReading(AppBean bean, long operations, long failures, long atNanos) {}
