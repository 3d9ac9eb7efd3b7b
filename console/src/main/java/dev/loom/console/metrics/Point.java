package dev.loom.console.metrics;

/** One moment of a series; NaN where nothing was read. */
record Point(long at, double hits, double contended, double overhead, double progress, double operations, double failures) {

    static final double NONE = Double.NaN;

    /** A gap: the JVM did not answer. */
    static Point gap(long at) {
        return new Point(at, NONE, NONE, NONE, NONE, NONE, NONE);
    }
}
