package dev.loom.console.live;

import dev.loom.client.AgentInfo;
import dev.loom.client.FilterState;
import dev.loom.client.FilterStatus;
import dev.loom.console.deployment.DeploymentService;
import dev.loom.console.deployment.DeploymentView;
import dev.loom.console.deployment.JvmProgress;
import dev.loom.console.jmx.Unreachable;
import dev.loom.console.target.Snapshot;
import dev.loom.console.target.Target;
import dev.loom.console.target.TargetMonitor;
import dev.loom.console.target.TargetState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/** What matters now, in one look: how many JVMs are in which state, what is in force, and what wants attention. */
@Service
public class OverviewService {

    private static final int MAX_DEPLOYMENTS = 100;

    private final TargetMonitor monitor;
    private final DeploymentService deployments;

    OverviewService(TargetMonitor monitor, DeploymentService deployments) {
        this.monitor = monitor;
        this.deployments = deployments;
    }

    /**
     * The console at one moment.
     *
     * @param targets number of JVMs by state
     * @param inForce deployments that are not ended, newest first, 100 at most
     */
    public record Overview(Map<TargetState, Integer> targets, List<DeploymentView> inForce, List<Attention> attention) {}

    /**
     * Something that wants somebody.
     *
     * @param kind {@code unreachable}, {@code no-agent}, {@code stragglers}, {@code harmful}, {@code failed}
     * @param filter null where it is the JVM itself
     * @param deployment null where there is none
     * @param since null if not known
     */
    public record Attention(
            String kind,
            long target,
            String targetName,
            @Nullable String filter,
            @Nullable Long deployment,
            String message,
            String hint,
            @Nullable Instant since) {}

    public Overview overview() {
        Map<TargetState, Integer> counts = new EnumMap<>(TargetState.class);
        for (TargetState state : TargetState.values()) {
            counts.put(state, 0);
        }
        Set<Attention> attention = new LinkedHashSet<>();
        monitor.snapshots().forEach((target, snapshot) -> {
            counts.merge(snapshot.state(), 1, Integer::sum);
            ofTarget(target, snapshot, attention);
        });
        List<DeploymentView> inForce = deployments.list(null, false, 0, MAX_DEPLOYMENTS).items();
        for (DeploymentView deployment : inForce) {
            for (JvmProgress jvm : deployment.jvms()) {
                if (jvm.state().isRefused()) {
                    attention.add(new Attention(
                            "failed", jvm.targetId(), jvm.targetName(), deployment.filter(), deployment.id(),
                            deployment.filter() + " is " + jvm.state() + (jvm.cause().isEmpty() ? "." : ": " + jvm.cause()), "",
                            deployment.updatedAt()));
                }
            }
        }
        return new Overview(counts, inForce, new ArrayList<>(attention));
    }

    private void ofTarget(Target target, Snapshot snapshot, Set<Attention> attention) {
        Unreachable failure = snapshot.failure();
        if (failure != null) {
            attention.add(new Attention(
                    snapshot.state() == TargetState.NO_AGENT ? "no-agent" : "unreachable", target.id(), target.name(), null, null,
                    failure.reason(), failure.hint(),
                    target.lastSeen() == null ? null : Instant.ofEpochMilli(target.lastSeen())));
        }
        AgentInfo agent = snapshot.agent();
        if (!snapshot.isReachable() || agent == null) {
            return;
        }
        for (FilterStatus filter : agent.filters()) {
            Long deployment = deployments.openOn(target.id(), filter.filter()).orElse(null);
            Instant since = filter.enabledSince() == 0 ? null : Instant.ofEpochMilli(filter.enabledSince());
            if (filter.state() == FilterState.EVACUATING && !filter.stragglers().isEmpty()) {
                int count = filter.stragglers().size();
                attention.add(new Attention(
                        "stragglers", target.id(), target.name(), filter.filter(), deployment,
                        count == 1 ? "A thread is in the way of " + filter.filter() + "." : count + " threads are in the way of " + filter.filter() + ".",
                        "Wait, accept them, or cancel.", since));
            }
            if (filter.harmful() && !filter.state().isEnd()) {
                attention.add(new Attention(
                        "harmful", target.id(), target.name(), filter.filter(), deployment,
                        "The deadlock guard had to break a wait of " + filter.filter() + ".", "Disable it, and look at its regions.", since));
            }
        }
    }
}
