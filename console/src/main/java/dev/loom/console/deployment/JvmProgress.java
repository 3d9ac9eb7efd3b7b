package dev.loom.console.deployment;

import dev.loom.client.Remark;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A deployment in one JVM, as REST gives it: what of an {@link Assignment} users see.
 *
 * @param progress of the evacuation, 0 to 1
 * @param stragglers threads that are in the way
 * @param cause why, where it did not go well
 * @param reachable whether the JVM answers now
 */
public record JvmProgress(
        long targetId,
        String targetName,
        JvmState state,
        double progress,
        int stragglers,
        boolean harmful,
        String cause,
        List<Remark> diagnostics,
        @Nullable Instant installedAt,
        @Nullable Instant activeAt,
        boolean reachable) {}
