package dev.loom.console.deployment;

import dev.loom.client.Remark;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A deployment in one JVM, as stored.
 *
 * @param phase what the console has to do
 * @param state what the JVM last said
 * @param agentDigest the digest that the agent gave its text; null before the install
 * @param jvmStart start of the JVM that has it, epoch ms; null before the install
 * @param replaces the deployment whose version it took the place of; null for none
 */
record Assignment(
        long deployment,
        long target,
        String targetName,
        Phase phase,
        JvmState state,
        double progress,
        int stragglers,
        boolean harmful,
        String cause,
        List<Remark> diagnostics,
        @Nullable String agentDigest,
        @Nullable Long jvmStart,
        @Nullable Long replaces,
        @Nullable Long installedAt,
        @Nullable Long activeAt) {

    static Assignment waiting(long deployment, long target, String targetName, @Nullable Long replaces) {
        return new Assignment(
                deployment, target, targetName, Phase.WAITING, JvmState.PENDING, 0, 0, false, "", List.of(), null, null, replaces, null, null);
    }

    boolean isSettled() {
        return state.isSettled();
    }

    /** Whether another deployment may take its place: it is in force, was removed by others, or was never installed. */
    boolean isReplaceable() {
        return phase == Phase.INSTALLED ? state.isInForce() || state == JvmState.REMOVED : phase == Phase.WAITING && agentDigest == null;
    }

    /** The same in another phase and state. What has ended has nobody in its way. */
    Assignment with(Phase phase, JvmState state, String cause) {
        return new Assignment(
                deployment, target, targetName, phase, state, progress, phase == Phase.ENDED ? 0 : stragglers, harmful, cause, diagnostics, agentDigest, jvmStart,
                replaces, installedAt, activeAt);
    }
}
