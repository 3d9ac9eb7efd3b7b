package dev.loom.bootstrap.order;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/** What the hooks of one event count besides their waits. Threads seldom write the same place. Thread-safe. */
final class EventStatistics {

    /** Places for the number of arrivals; a power of two. */
    private static final int PLACES = 16;
    /** Numbers from one place to the next, so that no two share a cache line. */
    private static final int STRIDE = 8;

    private final AtomicLongArray hits = new AtomicLongArray(PLACES * STRIDE);
    private final AtomicLong overlaps = new AtomicLong();
    private final AtomicLong timeouts = new AtomicLong();

    void arrived(Thread me) {
        hits.getAndIncrement((System.identityHashCode(me) & PLACES - 1) * STRIDE);
    }

    void violated() {
        overlaps.getAndIncrement();
    }

    void timedOut() {
        timeouts.getAndIncrement();
    }

    long hits() {
        long sum = 0;
        for (int i = 0; i < PLACES; i++) {
            sum += hits.get(i * STRIDE);
        }
        return sum;
    }

    long overlaps() {
        return overlaps.get();
    }

    long timeouts() {
        return timeouts.get();
    }
}
