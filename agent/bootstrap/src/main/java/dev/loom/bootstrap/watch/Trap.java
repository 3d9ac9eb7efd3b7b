package dev.loom.bootstrap.watch;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** A thread that pauses in front of a place. One for each pause: what is seen of it cannot be meant for another. */
final class Trap {

    private static final int OPEN = 0;
    private static final int MET = 1;
    private static final int CLOSED = 2;
    /** For how long its thread waits for what the other writes down, ns; and how long it sleeps in between. */
    private static final long PATIENCE = 20_000_000;
    private static final long NAP = 100_000;

    final Object object;
    final WatchedPlace place;
    final Thread thread;
    private final AtomicInteger state = new AtomicInteger();
    private volatile Side met;

    Trap(Object object, WatchedPlace place, Thread thread) {
        this.object = object;
        this.place = place;
        this.thread = thread;
    }

    /** Whether the caller is the first that met its thread; then it is to say how it came there. */
    boolean claim() {
        return state.compareAndSet(OPEN, MET);
    }

    void metBy(Side side) {
        met = side;
    }

    /** Closes it. For its thread; returns who met it, null if nobody did. */
    Side close() {
        if (state.compareAndSet(OPEN, CLOSED)) {
            return null;
        }
        if (met == null) {
            long end = System.nanoTime() + PATIENCE;
            while (met == null && System.nanoTime() - end < 0) {
                LockSupport.parkNanos(NAP);
            }
            // it may have eaten a permit that the application had been given
            LockSupport.unpark(thread);
        }
        return met;
    }
}
