package dev.loom.agent.evacuation;

import com.sun.management.OperatingSystemMXBean;
import dev.loom.bootstrap.RegionHook;
import java.lang.management.ManagementFactory;

/**
 * What filters cost: entries times the calibrated cost of a hook, and the time in waits, as a share of the time that the
 * application's threads were running or waiting in hooks. No clock is read on any entry. The manager's thread only.
 */
final class Overhead {

    /** The numbers at the last look. */
    static final class Sample {
        private long hits;
        private long waitNanos;
        private long cpuNanos;
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
        Sample last = filter.sample;
        double percent = 0;
        // fewer than before: the counters were reset meanwhile
        if (last.begun && hits >= last.hits && waitNanos >= last.waitNanos) {
            double hookNanos = (hits - last.hits) * HookCost.nanos();
            double waited = waitNanos - last.waitNanos;
            double busy = Math.max(cpuNanos - last.cpuNanos, hookNanos) + waited;
            percent = busy <= 0 ? 0 : 100 * (hookNanos + waited) / busy;
        }
        last.hits = hits;
        last.waitNanos = waitNanos;
        last.cpuNanos = cpuNanos;
        last.begun = true;
        return percent;
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
