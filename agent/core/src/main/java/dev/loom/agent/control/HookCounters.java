package dev.loom.agent.control;

/**
 * The numbers of one hook since the filter was installed or {@code resetCounters}.
 *
 * @param id unique within the filter
 * @param kind {@code region}, {@code shared region}, {@code event}
 * @param location the place in the code
 * @param hits entries, or arrivals at the event
 * @param contended entries that had to wait: interleavings prevented
 * @param waitNanosTotal time in waits, ns
 * @param waitNanosMax longest wait, ns
 * @param timeouts bounded waits that ran out
 * @param bypasses waits broken by the deadlock guard
 * @param overlaps observe mode: entries that found an excluded region occupied, events that came too early
 * @param cpuPercent time in the hook, percent of the CPU time that the JVM used since the last look
 * @param waitPercent time in its waits, of all threads together, percent of the time that passed; may be above 100
 */
public record HookCounters(
        String id,
        String kind,
        String location,
        long hits,
        long contended,
        long waitNanosTotal,
        long waitNanosMax,
        long timeouts,
        long bypasses,
        long overlaps,
        double cpuPercent,
        double waitPercent) {}
