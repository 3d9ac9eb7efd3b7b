package dev.loom.console.deployment;

import dev.loom.console.target.TargetMonitor;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What users see of deployments. */
final class Views {

    private Views() {}

    static DeploymentState state(Deployment deployment, Tally tally) {
        if (deployment.intent() != Intent.ENABLED) {
            return DeploymentState.valueOf(deployment.intent().name());
        }
        int counted = tally.rows() - tally.count(JvmState.SUPERSEDED);
        if (counted == 0 || tally.count(JvmState::isOnItsWay) > 0) {
            return DeploymentState.ENABLING;
        }
        return tally.count(JvmState::isInForce) == counted ? DeploymentState.ENABLED : DeploymentState.DEGRADED;
    }

    static DeploymentView view(Deployment d, List<Assignment> rows, TargetMonitor monitor, @Nullable RolloutView rollout) {
        return new DeploymentView(
                d.id(),
                d.filter(),
                d.version(),
                d.mode().text(),
                d.policies().onStraggler(),
                d.policies().onHarmful(),
                d.policies().onDeadlocked(),
                d.selector(),
                state(d, Tally.of(rows)),
                rows.stream().mapToDouble(Views::progress).average().orElse(0),
                Instant.ofEpochMilli(d.createdAt()),
                d.createdBy(),
                Instant.ofEpochMilli(d.updatedAt()),
                instant(d.endedAt()),
                rows.stream().map(r -> jvm(r, monitor)).toList(),
                rollout);
    }

    static DeploymentSummary summary(Deployment d, List<DeploymentRepository.Group> groups) {
        Map<JvmState, Integer> states = new EnumMap<>(JvmState.class);
        int jvms = 0;
        int ended = 0;
        double progress = 0;
        int stragglers = 0;
        boolean harmful = false;
        String oneName = "";
        for (DeploymentRepository.Group g : groups) {
            states.merge(g.state(), g.jvms(), Integer::sum);
            jvms += g.jvms();
            boolean over = g.phase().equals(Phase.ENDED.name());
            ended += over ? g.jvms() : 0;
            progress += share(g.state(), g.jvms(), g.progress());
            stragglers += over ? 0 : g.stragglers();
            harmful |= g.harmful();
            oneName = g.oneName();
        }
        Tally tally = new Tally(jvms, ended, states);
        return new DeploymentSummary(
                d.id(), d.filter(), d.version(), d.mode() == Mode.OBSERVE, d.selector(), state(d, tally), d.endedAt() != null,
                jvms == 0 ? 0 : progress / jvms, jvms, tally.count(JvmState::isInForce), tally.count(JvmState.EVACUATING), stragglers, harmful, oneName,
                Instant.ofEpochMilli(d.createdAt()), d.createdBy());
    }

    static JvmProgress progress(Assignment row, TargetMonitor monitor) {
        return jvm(row, monitor);
    }

    static double progress(Assignment row) {
        return share(row.state(), 1, row.progress());
    }

    /** What is in force counts whole; a filter that waits for its classes has no frame in its way, and is not in force. */
    private static double share(JvmState state, double whole, double told) {
        return state.isSettled() ? whole : state == JvmState.WAITING_FOR_CLASS ? 0 : told;
    }

    private static JvmProgress jvm(Assignment row, TargetMonitor monitor) {
        return new JvmProgress(
                row.target(),
                row.targetName(),
                row.state(),
                progress(row),
                row.phase() == Phase.ENDED ? 0 : row.stragglers(), // what it said last before is no news
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
