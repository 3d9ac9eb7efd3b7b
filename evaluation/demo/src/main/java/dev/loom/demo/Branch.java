package dev.loom.demo;

import java.util.concurrent.locks.ReentrantLock;

/** Two accounts with a constant sum, and no synchronization: that is the race. */
final class Branch {

    final String name;
    long savings = 1_000_000;
    long current = 1_000_000;
    private long expected = savings + current;
    private final Counters counters;
    /** The hand-written equivalent of the filter; null without {@code --exclusive}. */
    private final ReentrantLock exclusion;

    Branch(String name, Counters counters, boolean exclusive) {
        this.name = name;
        this.counters = counters;
        this.exclusion = exclusive ? new ReentrantLock() : null;
    }

    /** Counts a failure if the books do not balance, and goes on from what is there. */
    void audit() {
        long sum = savings + current;
        if (sum != expected) {
            counters.failure(name + ": the books are off by " + (sum - expected));
            expected = sum;
        }
    }

    void enter() {
        if (exclusion != null) {
            exclusion.lock();
        }
    }

    void leave() {
        if (exclusion != null) {
            exclusion.unlock();
        }
    }
}
