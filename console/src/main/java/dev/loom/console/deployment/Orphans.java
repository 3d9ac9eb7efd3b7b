package dev.loom.console.deployment;

import dev.loom.client.AgentInfo;
import dev.loom.client.FilterState;
import dev.loom.client.FilterStatus;
import dev.loom.console.audit.EventLog;
import dev.loom.console.audit.Subject;
import dev.loom.console.contract.LoomProblem;
import dev.loom.console.contract.ProblemCode;
import dev.loom.console.filter.FilterService;
import dev.loom.console.filter.FilterView;
import dev.loom.console.target.Snapshot;
import dev.loom.console.target.Target;
import dev.loom.console.target.TargetMonitor;
import dev.loom.console.target.TargetService;
import dev.loom.console.target.Twins;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.stereotype.Service;

/**
 * Filters that a JVM has and no deployment wants there: installed by other means, left from a console whose data is gone, or from a JVM
 * that was taken off the list. They are shown; an operator adopts them into a deployment, or removes them.
 */
@Service
public class Orphans {

    private static final Duration DEADLINE = Duration.ofSeconds(10);
    private static final Set<FilterState> LEAVING = EnumSet.of(FilterState.REMOVING, FilterState.CHECKING, FilterState.NONE);

    private final DeploymentStore store;
    private final DeploymentService deployments;
    private final FilterService filters;
    private final TargetService targets;
    private final TargetMonitor monitor;
    private final EventLog events;
    private final Twins twins;

    Orphans(
            DeploymentStore store,
            DeploymentService deployments,
            FilterService filters,
            TargetService targets,
            TargetMonitor monitor,
            EventLog events,
            Twins twins) {
        this.store = store;
        this.deployments = deployments;
        this.filters = filters;
        this.targets = targets;
        this.monitor = monitor;
        this.events = events;
        this.twins = twins;
    }

    /** A filter that nobody wants there. */
    public record Orphan(long target, String targetName, String filter, String state, String digest) {}

    /** What the JVMs that answer have and no deployment wants. */
    public List<Orphan> all() {
        List<Orphan> found = new ArrayList<>();
        Map<Target, Snapshot> now = monitor.snapshots();
        now.values().removeIf(snapshot -> {
            AgentInfo agent = snapshot.agent();
            return !snapshot.isReachable() || agent == null || agent.filters().isEmpty();
        });
        now.keySet().removeIf(target -> twins.insteadOf(target.id()) != null); // what is there was deployed to the entry that counts
        Map<Long, List<DeploymentRepository.Wish>> open =
                store.openOn(now.keySet().stream().map(Target::id).collect(java.util.stream.Collectors.toSet()));
        now.forEach((target, snapshot) -> of(target, snapshot, open.getOrDefault(target.id(), List.of()), found));
        return found;
    }

    private static void of(Target target, Snapshot snapshot, List<DeploymentRepository.Wish> open, List<Orphan> to) {
        AgentInfo agent = snapshot.agent();
        if (!snapshot.isReachable() || agent == null || agent.filters().isEmpty()) {
            return;
        }
        List<String> wanted = open.stream().map(w -> w.deployment().filter()).toList();
        for (FilterStatus filter : agent.filters()) {
            if (!filter.state().isEnd() && !LEAVING.contains(filter.state()) && !wanted.contains(filter.filter())) {
                to.add(new Orphan(target.id(), target.name(), filter.filter(), filter.state().word(), filter.digest()));
            }
        }
    }

    private Orphan orphan(long targetId, String filter) {
        Target target = targets.inScope(targetId);
        Long instead = twins.insteadOf(targetId);
        if (instead != null) {
            throw new LoomProblem(
                    ProblemCode.TARGET_EXISTS, target.name() + " is the same JVM as " + instead + ", which is in the list as well.", "Go to that one.");
        }
        deployments.openOn(targetId, filter).ifPresent(id -> {
            throw new LoomProblem(
                    ProblemCode.DEPLOYMENT_STATE,
                    "Filter " + filter + " in " + target.name() + " belongs to deployment " + id + ".",
                    "Disable that deployment to take it out.");
        });
        Snapshot snapshot = monitor.snapshot(targetId);
        if (snapshot.failure() != null) {
            throw snapshot.failure().toProblem(target.name());
        }
        List<Orphan> found = new ArrayList<>();
        of(target, snapshot, store.openOn(targetId), found);
        return found.stream().filter(o -> o.filter().equals(filter)).findFirst().orElseThrow(() -> new LoomProblem(
                ProblemCode.FILTER_NOT_ON_TARGET, "There is no filter '" + filter + "' in " + target.name() + " that is not deployed.", ""));
    }

    /**
     * Makes a deployment of what is there, without touching the JVM. A text that the console does not have is stored, as a new filter or
     * a new version.
     */
    public DeploymentView adopt(long targetId, String filter) {
        Orphan orphan = orphan(targetId, filter);
        FilterStatus status = monitor.call(targetId, DEADLINE, agent -> agent.filter(filter));
        if (status == null) {
            throw new LoomProblem(ProblemCode.FILTER_NOT_ON_TARGET, "Filter " + filter + " has just left " + orphan.targetName() + ".", "");
        }
        String text = status.text().isEmpty() ? monitor.call(targetId, DEADLINE, agent -> agent.text(filter)) : status.text();
        int version = filters.versionWith(filter, status.digest()).orElseGet(() -> stored(filter, text, orphan.targetName()).version());
        DeploymentView adopted = deployments.create(
                new NewDeployment(filter, version, status.mode(), List.of(targetId), null, null, null, null, false));
        events.audit(
                "filter.adopted",
                new Subject(targetId, filter, adopted.id()),
                "Adopted " + filter + " in " + orphan.targetName() + " as version " + version + ".",
                Map.of("digest", status.digest(), "version", version));
        return adopted;
    }

    private FilterView stored(String filter, String text, String jvm) {
        if (text.isBlank()) {
            throw new LoomProblem(
                    ProblemCode.AGENT_REFUSED, "The agent of " + jvm + " does not tell the text of " + filter + ".", "Store it, then adopt again.");
        }
        String note = "Adopted from " + jvm;
        try {
            FilterView current = filters.get(filter);
            return filters.update(filter, current.version(), text, note);
        } catch (LoomProblem problem) {
            if (problem.code() != ProblemCode.FILTER_NOT_FOUND) {
                throw problem;
            }
            return filters.create(filter, text, note);
        }
    }

    /** Takes it out of the JVM. */
    public void remove(long targetId, String filter) {
        Orphan orphan = orphan(targetId, filter);
        monitor.call(targetId, DEADLINE, agent -> agent.remove(filter));
        events.audit(
                "filter.orphan-removed",
                new Subject(targetId, filter, null),
                "Removed " + filter + " from " + orphan.targetName() + ", which no deployment wanted there.",
                Map.of("digest", orphan.digest(), "state", orphan.state()));
    }
}
