package dev.loom.demo;

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Transfers money within a branch for ever. */
final class Teller implements Runnable {

    /** The longest time between two transfers. */
    private static final long REST_NANOS = TimeUnit.MILLISECONDS.toNanos(40);
    /** The time between reading a balance and writing it. */
    private static final long THINK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final Branch branch;
    private final Counters counters;
    private final SplittableRandom random = new SplittableRandom();

    Teller(Branch branch, Counters counters) {
        this.branch = branch;
        this.counters = counters;
    }

    @Override
    public void run() {
        while (true) {
            rest(random.nextLong(REST_NANOS));
            long amount = random.nextLong(1, 100);
            branch.enter();
            long balance = branch.savings; // filter: the transfer begins
            think();
            branch.savings = balance - amount;
            branch.current += amount; // filter: the transfer ends
            branch.leave();
            counters.operation();
            branch.enter();
            branch.audit();
            branch.leave();
        }
    }

    private static void rest(long nanos) {
        long end = System.nanoTime() + nanos;
        for (long left = nanos; left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left); // may return early
        }
    }

    /** Computes, say, interest. */
    private static void think() {
        long end = System.nanoTime() + THINK_NANOS;
        while (System.nanoTime() - end < 0) {
            Thread.yield();
        }
    }
}
