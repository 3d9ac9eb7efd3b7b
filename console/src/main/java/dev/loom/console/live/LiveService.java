package dev.loom.console.live;

import dev.loom.client.AgentInfo;
import dev.loom.client.FilterStatus;
import dev.loom.console.audit.Actor;
import dev.loom.console.audit.EventLog;
import dev.loom.console.audit.Subject;
import dev.loom.console.contract.LoomProblem;
import dev.loom.console.contract.ProblemCode;
import dev.loom.console.deployment.DeploymentService;
import dev.loom.console.jmx.Unreachable;
import dev.loom.console.metrics.HistoryService;
import dev.loom.console.target.Snapshot;
import dev.loom.console.target.Target;
import dev.loom.console.target.TargetMonitor;
import dev.loom.console.target.TargetService;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.stereotype.Service;

/** What a filter does in a JVM right now, and what an operator can do about its stragglers. */
@Service
public class LiveService {

    private static final Duration DEADLINE = Duration.ofSeconds(10);
    private static final int MAX_WHY = 1_000;

    private final TargetService targets;
    private final TargetMonitor monitor;
    private final DeploymentService deployments;
    private final HistoryService history;
    private final EventLog events;

    LiveService(
            TargetService targets, TargetMonitor monitor, DeploymentService deployments, HistoryService history, EventLog events) {
        this.targets = targets;
        this.monitor = monitor;
        this.deployments = deployments;
        this.history = history;
        this.events = events;
    }

    /** A filter in a JVM. */
    public LiveFilter get(long targetId, String filter) {
        Target target = targets.stored(targetId);
        Snapshot snapshot = monitor.snapshot(targetId);
        AgentInfo agent = snapshot.agent();
        FilterStatus status = agent == null ? null : agent.filter(filter);
        if (status == null) {
            Unreachable failure = snapshot.failure();
            if (failure != null) {
                throw failure.toProblem(target.name());
            }
            throw new LoomProblem(
                    ProblemCode.FILTER_NOT_ON_TARGET,
                    "There is no filter '" + filter + "' in " + target.name() + ".",
                    "Enable it there first. By REST: POST /api/v1/deployments.");
        }
        return view(target, snapshot, status);
    }

    /** A filter in many JVMs, as they last told of it; those that did not are left out. */
    public Map<Long, LiveFilter> on(Collection<Long> targetIds, String filter) {
        Set<Long> wanted = new HashSet<>(targetIds);
        Map<Long, LiveFilter> found = new HashMap<>();
        monitor.snapshots().forEach((target, snapshot) -> {
            AgentInfo agent = snapshot.agent();
            FilterStatus status = agent == null || !wanted.contains(target.id()) ? null : agent.filter(filter);
            if (status != null) {
                found.put(target.id(), view(target, snapshot, status));
            }
        });
        return found;
    }

    /** All filters that a JVM's agent told of last. */
    public List<LiveFilter> onTarget(long targetId) {
        Target target = targets.stored(targetId);
        Snapshot snapshot = monitor.snapshot(targetId);
        AgentInfo agent = snapshot.agent();
        return agent == null ? List.of() : agent.filters().stream().map(f -> view(target, snapshot, f)).toList();
    }

    /** Accepts the threads that are still in the way, with the reason why that is no harm. */
    public LiveFilter accept(long targetId, String filter, String why) {
        targets.inScope(targetId);
        String reason = why.strip();
        if (reason.isEmpty() || reason.length() > MAX_WHY) {
            throw new LoomProblem(
                    ProblemCode.BAD_REQUEST, "Say in 1 to " + MAX_WHY + " characters why the stragglers do no harm.", "The reason is kept in the audit log.");
        }
        LiveFilter before = get(targetId, filter);
        String who = Actor.current();
        FilterStatus status = monitor.call(targetId, DEADLINE, agent -> agent.acceptStragglers(filter, who + ": " + reason));
        events.audit(
                "filter.accepted",
                new Subject(targetId, filter, before.deployment()),
                "Accepted " + before.stragglers().size() + " stragglers of " + filter + " in " + before.targetName() + ": " + reason,
                Map.of("why", reason, "stragglers", before.stragglers().stream().map(s -> s.thread() + " at " + s.location()).toList()));
        return view(targets.stored(targetId), monitor.snapshot(targetId), status);
    }

    /** Takes an install that is not finished back: to the version before it, or to no filter at all. */
    public LiveFilter cancel(long targetId, String filter) {
        targets.inScope(targetId);
        LiveFilter before = get(targetId, filter);
        if (before.deployment() != null) {
            deployments.cancelOn(targetId, filter);
        } else {
            monitor.call(targetId, DEADLINE, agent -> agent.cancel(filter));
        }
        events.audit(
                "filter.cancelled",
                new Subject(targetId, filter, before.deployment()),
                "Cancelled " + filter + " in " + before.targetName() + " at " + Math.round(before.progress() * 100) + " %.",
                Map.of("state", before.state(), "progress", before.progress()));
        return before;
    }

    private LiveFilter view(Target target, Snapshot snapshot, FilterStatus f) {
        Unreachable failure = snapshot.failure();
        boolean reachable = snapshot.isReachable();
        return new LiveFilter(
                target.id(),
                target.name(),
                deployments.openOn(target.id(), f.filter()).orElse(null),
                reachable,
                failure == null ? null : failure.reason(),
                Instant.ofEpochMilli(snapshot.atMillis()),
                f.filter(),
                reachable ? f.state().word() : "UNREACHABLE",
                f.progress(),
                f.mode(),
                f.enabledSince() == 0 ? null : Instant.ofEpochMilli(f.enabledSince()),
                f.digest(),
                f.harmful(),
                f.waitingFor(),
                f.cause(),
                f.accepted(),
                f.overheadPercent(),
                f.cpuPercent(),
                f.waitPercent(),
                f.shells(),
                f.hits(),
                f.contended(),
                reachable ? history.hitsPerSecond(target.id(), f.filter()) : null,
                f.diagnostics(),
                f.stragglers(),
                f.hooks(),
                f.waits(),
                f.deadlocks());
    }
}
