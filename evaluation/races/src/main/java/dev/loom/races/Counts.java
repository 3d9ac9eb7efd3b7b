package dev.loom.races;

import java.util.concurrent.atomic.LongAdder;

/** Operations and failures of a race. */
final class Counts implements RaceMXBean {

    private final String race;
    private final LongAdder operations = new LongAdder();
    private final LongAdder failures = new LongAdder();

    Counts(String race) {
        this.race = race;
    }

    void add(int moreOperations, int moreFailures) {
        operations.add(moreOperations);
        failures.add(moreFailures);
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
