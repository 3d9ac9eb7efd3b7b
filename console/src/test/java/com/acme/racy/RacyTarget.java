package com.acme.racy;

import java.lang.management.ManagementFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import javax.management.ObjectName;
import javax.management.StandardMBean;

/** Two workers in an endless loop meet all the time where only one may be; each meeting is a failure. */
public final class RacyTarget {

    private static final AtomicInteger INSIDE = new AtomicInteger();
    private static final AtomicLong OPERATIONS = new AtomicLong();
    private static final AtomicLong FAILURES = new AtomicLong();

    private RacyTarget() {}

    /** The counts, under the name that the demo programs use too. */
    public interface Counts {
        long getOperations();

        long getFailures();
    }

    private static final class Counted implements Counts {
        @Override
        public long getOperations() {
            return OPERATIONS.get();
        }

        @Override
        public long getFailures() {
            return FAILURES.get();
        }
    }

    public static void main(String[] arguments) throws Exception {
        ManagementFactory.getPlatformMBeanServer()
                .registerMBean(new StandardMBean(new Counted(), Counts.class), new ObjectName("dev.loom.demo:type=Demo"));
        for (int i = 0; i < 2; i++) {
            Thread worker = new Thread(RacyTarget::work, "worker-" + i);
            worker.setDaemon(true);
            worker.start();
        }
        System.out.println("PORT 0"); // there is none of its own
        System.in.read();
        System.exit(0);
    }

    private static void work() {
        while (true) {
            critical();
            LockSupport.parkNanos(500_000);
        }
    }

    private static void critical() {
        if (INSIDE.incrementAndGet() > 1) {
            FAILURES.incrementAndGet();
        }
        LockSupport.parkNanos(1_000_000);
        OPERATIONS.incrementAndGet();
        INSIDE.decrementAndGet();
    }
}
