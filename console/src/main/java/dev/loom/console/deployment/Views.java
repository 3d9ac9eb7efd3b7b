package dev.loom.console.deployment;

import dev.loom.console.target.TargetMonitor;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What users see of deployments. */
final class Views {

    private static final Set<String> IN_FORCE = Set.of("ACTIVE", "OBSERVING", "ACCEPTED");
    private static final Set<String> ON_ITS_WAY =
            Set.of("PENDING", "INSTALLING", "CHECKING", "WAITING_FOR_CLASS", "EVACUATING", "REMOVING", "UNKNOWN");

    private Views() {}

    static String state(Deployment deployment, Tally tally) {
        if (deployment.intent() != Intent.ENABLED) {
            return deployment.intent().name();
        }
        int counted = tally.rows() - tally.states().getOrDefault("SUPERSEDED", 0);
        if (counted == 0 || tally.count(ON_ITS_WAY) > 0) {
            return "ENABLING";
        }
        return tally.count(IN_FORCE) == counted ? "ENABLED" : "DEGRADED";
    }

    static DeploymentView view(Deployment d, List<Assignment> rows, TargetMonitor monitor) {
        return new DeploymentView(
                d.id(),
                d.filter(),
                d.version(),
                d.mode().text(),
                d.policies().onStraggler(),
                d.policies().onHarmful(),
                d.selector(),
                state(d, Tally.of(rows)),
                rows.stream().mapToDouble(Views::progress).average().orElse(0),
                Instant.ofEpochMilli(d.createdAt()),
                d.createdBy(),
                Instant.ofEpochMilli(d.updatedAt()),
                instant(d.endedAt()),
                rows.stream().map(r -> jvm(r, monitor)).toList());
    }

    private static double progress(Assignment row) {
        return row.isSettled() ? 1 : row.progress();
    }

    private static JvmProgress jvm(Assignment row, TargetMonitor monitor) {
        return new JvmProgress(
                row.target(),
                row.targetName(),
                row.state(),
                progress(row),
                row.stragglers(),
                row.harmful(),
                row.cause(),
                row.diagnostics(),
                instant(row.installedAt()),
                instant(row.activeAt()),
                monitor.snapshot(row.target()).isReachable());
    }

    private static @Nullable Instant instant(@Nullable Long millis) {
        return millis == null ? null : Instant.ofEpochMilli(millis);
    }
}
