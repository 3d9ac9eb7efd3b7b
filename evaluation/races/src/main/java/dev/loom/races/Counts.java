package dev.loom.races;

import java.util.Locale;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/** Operations and failures of a race, and how long its first side took. */
final class Counts implements RaceMXBean {

    /** So many buckets double a time. */
    private static final int BUCKETS_PER_DOUBLING = 8;

    private final String race;
    private final LongAdder operations = new LongAdder();
    private final LongAdder failures = new LongAdder();
    /** Calls by duration: bucket i is of 2^(i/8) ns. */
    private final AtomicLongArray durations = new AtomicLongArray(64 * BUCKETS_PER_DOUBLING);

    Counts(String race) {
        this.race = race;
    }

    void add(int moreOperations, int moreFailures) {
        operations.add(moreOperations);
        failures.add(moreFailures);
    }

    void took(long nanos) {
        durations.incrementAndGet((int) (Math.log(Math.max(1, nanos)) / Math.log(2) * BUCKETS_PER_DOUBLING));
    }

    /** One line of JSON: the counts since the start, and the calls by duration as pairs of bucket and count. */
    String reply() {
        StringBuilder pairs = new StringBuilder();
        for (int i = 0; i < durations.length(); i++) {
            if (durations.get(i) != 0) {
                pairs.append(pairs.length() == 0 ? "" : ",").append('[').append(i).append(',').append(durations.get(i)).append(']');
            }
        }
        return String.format(Locale.ROOT, "{\"reply\":true,\"operations\":%d,\"failures\":%d,\"durations\":[%s]}", getOperations(),
                getFailures(), pairs);
    }

    @Override
    public String getRace() {
        return race;
    }

    @Override
    public long getOperations() {
        return operations.sum();
    }

    @Override
    public long getFailures() {
        return failures.sum();
    }
}
