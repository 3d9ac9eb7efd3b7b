package dev.loom.demo;

import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.management.JMException;
import javax.management.ObjectName;

/** Counts operations and failures, and shows them on the MBean. */
final class Counters implements DemoMXBean {

    /** The time that {@link #getFailuresPerSecond()} looks back. */
    private static final long WINDOW_SECONDS = 5;

    private final String description;
    private final AtomicLong operations = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();
    /** System.nanoTime of the failures in the window; guarded by itself. */
    private final Deque<Long> recent = new ArrayDeque<>();
    private volatile String lastFailure = "";

    Counters(String description) {
        this.description = description;
    }

    void register() throws JMException {
        ManagementFactory.getPlatformMBeanServer().registerMBean(this, new ObjectName("dev.loom.demo:type=Demo"));
    }

    void operation() {
        operations.incrementAndGet();
    }

    void failure(String what) {
        failures.incrementAndGet();
        lastFailure = Instant.now() + " " + what;
        synchronized (recent) {
            recent.addLast(System.nanoTime());
            forgetOld();
        }
    }

    @Override
    public String getDescription() {
        return description;
    }

    @Override
    public long getOperations() {
        return operations.get();
    }

    @Override
    public long getFailures() {
        return failures.get();
    }

    @Override
    public double getFailuresPerSecond() {
        synchronized (recent) {
            forgetOld();
            return (double) recent.size() / WINDOW_SECONDS;
        }
    }

    @Override
    public String getLastFailure() {
        return lastFailure;
    }

    private void forgetOld() {
        long oldest = System.nanoTime() - TimeUnit.SECONDS.toNanos(WINDOW_SECONDS);
        while (!recent.isEmpty() && recent.peekFirst() - oldest < 0) {
            recent.removeFirst();
        }
    }
}
