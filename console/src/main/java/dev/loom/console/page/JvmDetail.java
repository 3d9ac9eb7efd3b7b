package dev.loom.console.page;

import dev.loom.client.HookCounters;
import dev.loom.client.OngoingWait;
import dev.loom.client.Straggler;
import dev.loom.console.deployment.JvmProgress;
import dev.loom.console.deployment.JvmState;
import dev.loom.console.live.LiveFilter;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The JVM that a deployment's page looks at closely.
 *
 * @param rejected whether what the agent says is why it is not there
 * @param waits threads that wait in its hooks now; none while the JVM does not answer
 * @param deadlocks threads that were deadlocked before the install, a text for each cycle
 * @param cpu time in hooks, percent of CPU time; null where it is not told
 * @param waiting time in waits, percent of the time that passed; null where it is not told
 * @param asOf when it said so; null if it has not
 * @param hookless why there are no hooks to show
 */
public record JvmDetail(
        long id,
        String name,
        boolean rejected,
        boolean harmful,
        String accepted,
        boolean canAccept,
        boolean canCancel,
        List<String> waitingFor,
        List<RemarkView> remarks,
        List<Straggler> stragglerList,
        List<HookCounters> hooks,
        List<OngoingWait> waits,
        List<String> deadlocks,
        @Nullable Double cpu,
        @Nullable Double waiting,
        int shells,
        @Nullable Instant asOf,
        String hookless) {

    static JvmDetail of(JvmProgress jvm, String text, @Nullable LiveFilter live) {
        boolean evacuating = jvm.reachable() && jvm.state() == JvmState.EVACUATING;
        return new JvmDetail(
                jvm.targetId(),
                jvm.targetName(),
                jvm.state().isRefused(),
                jvm.harmful(),
                live == null ? "" : live.accepted(),
                evacuating && jvm.stragglers() > 0,
                evacuating || (jvm.reachable() && jvm.state() == JvmState.WAITING_FOR_CLASS),
                live == null ? List.of() : live.waitingFor(),
                RemarkView.of(live == null || live.diagnostics().isEmpty() ? jvm.diagnostics() : live.diagnostics(), text),
                live == null ? List.of() : live.stragglers(),
                live == null ? List.of() : live.hooks(),
                live == null || !live.reachable() ? List.of() : live.waits(),
                live == null ? List.of() : live.deadlocks(),
                live == null ? null : live.cpuPercent(),
                live == null ? null : live.waitPercent(),
                live == null ? 0 : live.shells(),
                live == null ? null : live.at(),
                switch (jvm.state()) {
                    case PENDING, INSTALLING, CHECKING -> "The hooks come with the install.";
                    case WAITING_FOR_CLASS -> "The hooks come with the classes.";
                    case REMOVED -> "The filter is gone, and with it its hooks: the code is what it was before.";
                    default -> "No hook is in the code.";
                });
    }
}
