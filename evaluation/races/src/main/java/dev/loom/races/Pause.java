package dev.loom.races;

import java.util.concurrent.locks.LockSupport;

/** A slow callback, as users write them. */
final class Pause {

    private Pause() {}

    /** Takes this long, whether or not somebody interrupts, and leaves an interrupt to be seen. */
    static void micros(long micros) {
        long end = System.nanoTime() + micros * 1_000;
        for (long left = end - System.nanoTime(); left > 0; left = end - System.nanoTime()) {
            if (Thread.currentThread().isInterrupted()) {
                Thread.yield();
            } else {
                LockSupport.parkNanos(left);
            }
        }
    }
}
