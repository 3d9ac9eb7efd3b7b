package dev.loom.console.live;

import dev.loom.client.HookCounters;
import dev.loom.client.OngoingWait;
import dev.loom.client.Remark;
import dev.loom.client.Straggler;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A filter in a JVM right now. The names are those of the control tool's {@code --json} and of the MBeans, so they stand in {@link
 * dev.loom.client.FilterStatus} too.
 *
 * @param deployment the deployment that it belongs to; null if it was installed by other means
 * @param reachable whether the JVM answers; if not, the rest is what it said last
 * @param error why it does not
 * @param state one of the contract's states; {@code UNREACHABLE} while the JVM does not answer
 * @param progress of the evacuation, 0 to 1
 * @param cpuPercent time in hooks, percent of CPU time; null where the agent does not tell
 * @param waitPercent time in waits, of all threads, percent of the time that passed, which may be above 100; null where the agent does
 *     not tell
 * @param waits threads that wait in its hooks now
 * @param deadlocks threads that were deadlocked before the install: who waits for whom
 */
public record LiveFilter(
        long target,
        String targetName,
        @Nullable Long deployment,
        boolean reachable,
        @Nullable String error,
        Instant at,
        String filter,
        String state,
        double progress,
        String mode,
        @Nullable Instant enabledSince,
        String digest,
        boolean harmful,
        List<String> waitingFor,
        String cause,
        String accepted,
        double overheadPercent,
        @Nullable Double cpuPercent,
        @Nullable Double waitPercent,
        int shells,
        long hits,
        long contended,
        @Nullable Double hitsPerSecond,
        List<Remark> diagnostics,
        List<Straggler> stragglers,
        List<HookCounters> hooks,
        List<OngoingWait> waits,
        List<String> deadlocks) {

    /** Entries that found an excluded region occupied, while the filter only observes. */
    public long overlaps() {
        return hooks.stream().mapToLong(HookCounters::overlaps).sum();
    }
}
