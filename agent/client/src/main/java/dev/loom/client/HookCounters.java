package dev.loom.client;

import org.jspecify.annotations.Nullable;

/**
 * The numbers of one hook.
 *
 * @param hits entries
 * @param contended entries that had to wait: interleavings prevented
 * @param waitNanosTotal time in waits, ns
 * @param waitNanosMax longest wait, ns
 * @param timeouts bounded waits that ran out
 * @param bypasses waits broken by the deadlock guard
 * @param overlaps observe mode: entries that found an excluded region occupied
 * @param cpuPercent time in the hook, percent of CPU time; null where the agent does not tell
 * @param waitPercent time in its waits, of all threads, percent of the time that passed; null where the agent does not tell
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
        @Nullable Double cpuPercent,
        @Nullable Double waitPercent) {}
