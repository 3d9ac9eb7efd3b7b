package dev.loom.agent.filter;

import com.sun.management.OperatingSystemMXBean;
import dev.loom.bootstrap.hook.HookCounts;
import dev.loom.bootstrap.hook.RegionHook;
import java.lang.management.ManagementFactory;
import java.util.IdentityHashMap;
import java.util.Map;

/**
 * What filters cost: time in hooks (entries times the calibrated cost of one) for each second of CPU time, and time in waits for each
 * second that passed, of all threads together. No clock is read on any entry. The manager's thread only.
 */
final class Overhead {

    /** CPU time below which a share of it says nothing: the clock of some systems moves in steps of 10 ms, ns. */
    private static final double LEAST_CPU = 20_000_000;

    /**
     * A share of time.
     *
     * @param cpuPercent time in hooks, percent of the CPU time that the JVM used; at most 100
     * @param waitPercent time in waits, percent of the time that passed; above 100 where several threads wait at once
     */
    record Share(double cpuPercent, double waitPercent) {

        static final Share NONE = new Share(0, 0);

        /** Both in one number, at most 100. */
        double total() {
            return Math.min(100, cpuPercent + waitPercent);
        }

        private Share plus(Share other) {
            return new Share(Math.min(100, cpuPercent + other.cpuPercent), waitPercent + other.waitPercent);
        }
    }

    /** What one filter and each of its hooks cost. */
    record Cost(Share all, Map<RegionHook, Share> hooks) {

        static final Cost NONE = new Cost(Share.NONE, Map.of());

        Share of(RegionHook hook) {
            return hooks.getOrDefault(hook, Share.NONE);
        }
    }

    /** The numbers at the last look. */
    static final class Sample {
        private Map<RegionHook, HookCounts> counts = Map.of();
        private long cpuNanos;
        private long nanos;
    }

    /** Looks at one filter; returns what it has cost since the last look at it. */
    Cost cost(InstalledFilter filter) {
        Sample last = filter.sample;
        long cpuNanos = cpuNanos();
        long now = System.nanoTime();
        Map<RegionHook, HookCounts> counts = new IdentityHashMap<>();
        Map<RegionHook, Share> shares = new IdentityHashMap<>();
        Share all = Share.NONE;
        for (RegionHook hook : filter.version.hooks().values()) {
            HookCounts count = hook.counts();
            counts.put(hook, count);
            HookCounts before = last.counts.get(hook);
            // fewer than before: the counters were reset meanwhile
            if (before != null && count.hits() >= before.hits() && count.waitNanosTotal() >= before.waitNanosTotal()) {
                Share share = share(
                        (count.hits() - before.hits()) * HookCost.nanos(), count.waitNanosTotal() - before.waitNanosTotal(),
                        cpuNanos - last.cpuNanos, now - last.nanos);
                shares.put(hook, share);
                all = all.plus(share);
            }
        }
        last.counts = counts;
        last.cpuNanos = cpuNanos;
        last.nanos = now;
        return new Cost(all, shares);
    }

    static Share share(double hookNanos, double waitNanos, double cpuNanos, double wallNanos) {
        // the calibrated cost may be more than what a hook takes here
        double hooks = hookNanos <= 0 ? 0 : hookNanos / Math.max(Math.max(cpuNanos, LEAST_CPU), hookNanos);
        double waits = waitNanos <= 0 ? 0 : waitNanos / Math.max(wallNanos, 1);
        return new Share(100 * hooks, 100 * waits);
    }

    private static long cpuNanos() {
        try {
            long nanos = ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
                    ? system.getProcessCpuTime()
                    : -1;
            return nanos < 0 ? System.nanoTime() : nanos;
        } catch (LinkageError e) {
            return System.nanoTime(); // a Java without module jdk.management: as if one thread ran all the time
        }
    }
}
