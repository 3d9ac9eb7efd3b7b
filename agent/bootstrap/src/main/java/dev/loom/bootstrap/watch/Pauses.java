package dev.loom.bootstrap.watch;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * The time that threads pause, of all together, and the share of the time passed that it may take. A pause is booked before it begins: for as
 * long as it is meant to be, and the time that this machine lately woke threads too late. What was booked too much is given back, and what was
 * booked too little is missing for the next. Thread-safe.
 */
final class Pauses {

    /** How late a thread is taken to be woken at least, ns. */
    private static final long LATE = 100_000;
    /** More is not booked for it: a booking that is longer than what is kept would never be had again, ns. */
    private static final long MOST_LATE = 20_000_000;
    /** The last pause counts for one in so many of what is taken to be usual. */
    private static final int MEMORY = 8;
    /** Time that was not used up is not kept for longer: no bursts, ns. */
    private static final long KEPT = 100_000_000;
    /** A pause that ends at once, because the thread was interrupted, is not begun more often. */
    private static final int TRIES = 3;

    private final long began = System.nanoTime();
    /** Booked, or let go; ns. */
    private final AtomicLong booked = new AtomicLong();
    private final AtomicLong paused = new AtomicLong();
    private volatile double share;
    /** How late threads are woken lately, ns. Written by several threads; one that gets lost does no harm. */
    private volatile long late = LATE;

    Pauses(double share) {
        this.share = share;
    }

    /** Changes the share, from 0 to 1, for the time from the beginning on. */
    void share(double newShare) {
        share = newShare;
    }

    /** Books a pause; returns what was booked, ns, 0 if there is no time for it. */
    long book(long nanos) {
        long allowed = (long) ((System.nanoTime() - began) * share);
        long cost = nanos + 2 * late;
        while (true) {
            long before = booked.get();
            long after = Math.max(before, allowed - KEPT) + cost;
            if (after > allowed) {
                return 0;
            }
            if (booked.compareAndSet(before, after)) {
                return cost;
            }
        }
    }

    /** Gives a booking back. */
    void cancel(long cost) {
        booked.addAndGet(-cost);
    }

    /**
     * Pauses the calling thread. Parking may have eaten a permit that the application had been given, so one is given back; an interrupt is left
     * as it is and ends the pause.
     *
     * @param cost what was booked for it
     */
    void pause(long nanos, long cost, Thread me) {
        long start = System.nanoTime();
        try {
            for (int tries = 0; tries < TRIES; tries++) {
                long left = nanos - (System.nanoTime() - start);
                if (left <= 0) {
                    break;
                }
                LockSupport.parkNanos(left);
            }
        } finally {
            LockSupport.unpark(me);
            long took = System.nanoTime() - start;
            paused.addAndGet(took);
            booked.addAndGet(took - cost);
            late = Math.min(MOST_LATE, Math.max(LATE, late + (took - nanos - late) / MEMORY));
        }
    }

    /** Whether there is time for something that takes no pause. */
    boolean mayTake() {
        return booked.get() < (long) ((System.nanoTime() - began) * share);
    }

    /** Counts time that something took. */
    void taken(long nanos) {
        booked.addAndGet(nanos);
        paused.addAndGet(nanos);
    }

    /** All pauses together, ns. */
    long total() {
        return paused.get();
    }

    /** Time since the beginning, ns. */
    long elapsed() {
        return System.nanoTime() - began;
    }
}
