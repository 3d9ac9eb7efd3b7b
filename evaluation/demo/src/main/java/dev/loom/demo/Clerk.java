package dev.loom.demo;

import java.util.ConcurrentModificationException;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Sells seats of a show for ever, each sale a call of its own. */
final class Clerk implements Runnable {

    /** The longest time between two customers. */
    private static final long REST_NANOS = TimeUnit.MILLISECONDS.toNanos(40);
    /** The time from one stack trace in the log to the next, so that it can be read. */
    private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final SeatPlan plan;
    private final Counters counters;
    /** Whether what the filter would keep apart is kept apart by hand. */
    private final boolean exclusive;
    private final SplittableRandom random = new SplittableRandom();
    private long printed = System.nanoTime() - QUIET_NANOS;

    Clerk(SeatPlan plan, Counters counters, boolean exclusive) {
        this.plan = plan;
        this.counters = counters;
        this.exclusive = exclusive;
    }

    @Override
    public void run() {
        for (int customer = 1; ; customer++) {
            LockSupport.parkNanos(random.nextLong(REST_NANOS));
            serve("customer " + customer + " of " + Thread.currentThread().getName());
        }
    }

    private void serve(String customer) {
        try {
            if (exclusive) {
                synchronized (plan) {
                    plan.book(customer);
                }
            } else {
                plan.book(customer);
            }
        } catch (ConcurrentModificationException e) {
            counters.failure(e.getMessage());
            if (System.nanoTime() - printed > QUIET_NANOS) {
                printed = System.nanoTime();
                e.printStackTrace();
            }
        }
        counters.operation();
    }
}
