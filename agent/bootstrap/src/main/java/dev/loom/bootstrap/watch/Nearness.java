package dev.loom.bootstrap.watch;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Who was last at what, of those that were looked at: tells that two threads came to the same object, one after the other, one of them to change
 * it. Such places are worth pauses. A table of a fixed size that keeps no object alive: of two that look alike one is taken for the other, and a
 * pause is made in vain. Thread-safe.
 */
final class Nearness {

    private static final int SIZE = 1 << 12;
    private static final int THREAD_BITS = Short.SIZE - 1;

    /** Identity hash of the object, 32 bits; index of the place, 16; of the thread's identity hash 15; and whether it changes the object. */
    private final AtomicLongArray last = new AtomicLongArray(SIZE);

    /** Notes an arrival; returns the index of the place of another thread that was at the object before, 0 if there is none. */
    int arrived(Object object, WatchedPlace place, Thread me) {
        int hash = System.identityHashCode(object);
        int thread = System.identityHashCode(me) & (1 << THREAD_BITS) - 1;
        int slot = hash * 31 + System.identityHashCode(place.variable) & SIZE - 1;
        long now = (long) hash << Integer.SIZE | (long) place.index << Short.SIZE | (long) thread << 1 | (place.writes ? 1 : 0);
        long before = last.getAndSet(slot, now);
        boolean isNear = (int) (before >>> Integer.SIZE) == hash && (before >>> 1 & (1 << THREAD_BITS) - 1) != thread
                && (place.writes || (before & 1) != 0);
        return isNear ? (int) (before >>> Short.SIZE) & RaceSearch.CAPACITY - 1 : 0;
    }
}
