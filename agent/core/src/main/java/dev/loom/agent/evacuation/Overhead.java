package dev.loom.agent.evacuation;

import com.sun.management.OperatingSystemMXBean;
import dev.loom.bootstrap.RegionHook;
import java.lang.management.ManagementFactory;

/**
 * What filters cost: time in hooks (entries times the calibrated cost of one) for each second of CPU time, and time in waits for each
 * second that passed, of all threads together. No clock is read on any entry. The manager's thread only.
 */
final class Overhead {

    /** The numbers at the last look. */
    static final class Sample {
        private long hits;
        private long waitNanos;
        private long cpuNanos;
        private long nanos;
        private boolean begun;
    }

    /** Looks at one filter; returns percent since the last look at it. */
    double percent(InstalledFilter filter) {
        long hits = 0;
        long waitNanos = 0;
        Version version = filter.version;
        for (RegionHook hook : version.hooks().values()) {
            RegionHook.Counts counts = hook.counts();
            hits += counts.hits();
            waitNanos += counts.waitNanosTotal();
        }
        long cpuNanos = cpuNanos();
        long now = System.nanoTime();
        Sample last = filter.sample;
        double percent = 0;
        // fewer than before: the counters were reset meanwhile
        if (last.begun && hits >= last.hits && waitNanos >= last.waitNanos) {
            percent = percent(
                    (hits - last.hits) * HookCost.nanos(), waitNanos - last.waitNanos, cpuNanos - last.cpuNanos, now - last.nanos);
        }
        last.hits = hits;
        last.waitNanos = waitNanos;
        last.cpuNanos = cpuNanos;
        last.nanos = now;
        last.begun = true;
        return percent;
    }

    /** At most 100: several threads that wait at once have more time to lose than passes. */
    static double percent(double hookNanos, double waitNanos, double cpuNanos, double wallNanos) {
        // the calibrated cost may be more than what a hook takes here
        double hooks = hookNanos <= 0 ? 0 : hookNanos / Math.max(cpuNanos, hookNanos);
        double waits = waitNanos <= 0 ? 0 : waitNanos / Math.max(wallNanos, 1);
        return Math.min(100, 100 * (hooks + waits));
    }

    private static long cpuNanos() {
        try {
            return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
                    ? Math.max(0, system.getProcessCpuTime())
                    : System.nanoTime();
        } catch (LinkageError e) {
            return System.nanoTime(); // a Java without module jdk.management: as if one thread ran all the time
        }
    }
}
