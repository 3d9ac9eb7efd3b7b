package dev.loom.console.deployment;

import dev.loom.console.contract.Remark;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A deployment in one JVM.
 *
 * @param state {@code PENDING}, {@code INSTALLING}, {@code UNREACHABLE}, {@code SUPERSEDED}, {@code CANCELLED}, or what the agent says:
 *     {@code CHECKING}, {@code WAITING_FOR_CLASS}, {@code EVACUATING}, {@code ACTIVE}, {@code OBSERVING}, {@code ACCEPTED},
 *     {@code REMOVING}, {@code REMOVED}, {@code REJECTED}, {@code FAILED}
 * @param progress of the evacuation, 0 to 1
 * @param stragglers threads that are in the way
 * @param cause why, where it did not go well
 * @param reachable whether the JVM answers now
 */
public record JvmProgress(
        long targetId,
        String targetName,
        String state,
        double progress,
        int stragglers,
        boolean harmful,
        String cause,
        List<Remark> diagnostics,
        @Nullable Instant installedAt,
        @Nullable Instant activeAt,
        boolean reachable) {}
