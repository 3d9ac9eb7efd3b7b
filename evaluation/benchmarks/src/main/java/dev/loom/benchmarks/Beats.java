package dev.loom.benchmarks;

import java.util.concurrent.locks.LockSupport;

/** A thread that wakes up each millisecond and notes how much later than that it was. */
final class Beats {

    private static final long BEAT_NANOS = 1_000_000;
    /** Guarded by this. */
    private long longest;

    static Beats start() {
        Beats beats = new Beats();
        Thread thread = new Thread(beats::run, "beats");
        thread.setDaemon(true);
        thread.start();
        return beats;
    }

    private void run() {
        long last = System.nanoTime();
        while (true) {
            LockSupport.parkNanos(BEAT_NANOS);
            long now = System.nanoTime();
            note(now - last);
            last = now;
        }
    }

    private synchronized void note(long nanos) {
        longest = Math.max(longest, nanos);
    }

    /** The longest time between two beats since it was last asked, ms. */
    synchronized double longest() {
        double millis = longest / 1e6;
        longest = 0;
        return millis;
    }
}
