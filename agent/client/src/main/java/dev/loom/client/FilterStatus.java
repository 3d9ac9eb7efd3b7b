package dev.loom.client;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A filter in a JVM, as its agent tells it.
 *
 * @param progress of the evacuation, 0 to 1
 * @param enabledSince epoch ms of the install, 0 if it never was
 * @param text may be empty where the agent leaves it out
 * @param cpuPercent time in hooks, percent of CPU time; null where the agent does not tell
 * @param waitPercent time in waits, of all threads, percent of the time that passed; null where the agent does not tell
 * @param waits threads that wait in its hooks now
 * @param deadlocks threads that were deadlocked before the install: who waits for whom, a text for each cycle
 */
public record FilterStatus(
        String filter,
        FilterState state,
        double progress,
        String mode,
        long enabledSince,
        String digest,
        String text,
        boolean harmful,
        List<String> waitingFor,
        String cause,
        String accepted,
        double overheadPercent,
        @Nullable Double cpuPercent,
        @Nullable Double waitPercent,
        int shells,
        List<Remark> diagnostics,
        List<Straggler> stragglers,
        List<HookCounters> hooks,
        List<OngoingWait> waits,
        List<String> deadlocks) {

    /** Whether a check or install found errors. */
    public boolean isRejected() {
        return diagnostics.stream().anyMatch(Remark::rejects);
    }

    public long hits() {
        return hooks.stream().mapToLong(HookCounters::hits).sum();
    }

    public long contended() {
        return hooks.stream().mapToLong(HookCounters::contended).sum();
    }

    public long overlaps() {
        return hooks.stream().mapToLong(HookCounters::overlaps).sum();
    }

    /** Whether it only counts and lets all through. */
    public boolean isObserve() {
        return mode.equals("observe");
    }

    FilterStatus withStragglers(List<Straggler> read) {
        return new FilterStatus(
                filter, state, progress, mode, enabledSince, digest, text, harmful, waitingFor, cause, accepted, overheadPercent, cpuPercent,
                waitPercent, shells, diagnostics, read, hooks, waits, deadlocks);
    }
}
