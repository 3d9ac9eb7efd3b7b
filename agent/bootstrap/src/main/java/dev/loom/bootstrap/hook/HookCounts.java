package dev.loom.bootstrap.hook;

/**
 * The numbers of one hook.
 *
 * @param hits entries, or arrivals at the event, but for those in mode PASS
 * @param contended entries that found the lock taken, arrivals that had to wait: interleavings prevented
 * @param waitNanosTotal time in waits, those that go on now included, ns
 * @param waitNanosMax longest wait, ns
 * @param timeouts bounded waits that ran out
 * @param bypasses waits let go on without the lock by the deadlock guard
 * @param overlaps observed entries that found an excluded region occupied, observed events that came too early
 */
public record HookCounts(
        long hits, long contended, long waitNanosTotal, long waitNanosMax, long timeouts, long bypasses, long overlaps) {

    static final HookCounts ZERO = new HookCounts(0, 0, 0, 0, 0, 0, 0);

    HookCounts minus(HookCounts other) {
        return new HookCounts(
                hits - other.hits,
                contended - other.contended,
                waitNanosTotal - other.waitNanosTotal,
                waitNanosMax,
                timeouts - other.timeouts,
                bypasses - other.bypasses,
                overlaps - other.overlaps);
    }
}
