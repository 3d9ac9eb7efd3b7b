package dev.loom.console.deployment;

import dev.loom.client.AgentInfo;
import dev.loom.client.FilterStatus;
import dev.loom.console.contract.LoomProblem;
import dev.loom.console.contract.Page;
import dev.loom.console.contract.ProblemCode;
import dev.loom.console.target.Snapshot;
import dev.loom.console.target.Target;
import dev.loom.console.target.TargetMonitor;
import dev.loom.console.target.TargetService;
import dev.loom.console.target.Twins;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/** Finds what JVMs have otherwise than deployments want it. It asks no JVM: what they last said is compared with what is stored. */
@Service
public class Drifts {

    private final DeploymentStore store;
    private final TargetService targets;
    private final TargetMonitor monitor;
    private final Twins twins;

    Drifts(DeploymentStore store, TargetService targets, TargetMonitor monitor, Twins twins) {
        this.store = store;
        this.targets = targets;
        this.monitor = monitor;
        this.twins = twins;
    }

    /** A drift, and the wish that it differs from. */
    record Found(DriftView view, DeploymentRepository.@Nullable Wish wish) {}

    /** Those of all JVMs that answer, in the order of the JVMs. */
    public List<DriftView> all() {
        Map<Target, Snapshot> now = monitor.snapshots();
        now.values().removeIf(snapshot -> !snapshot.isReachable() || snapshot.agent() == null);
        now.keySet().removeIf(target -> twins.insteadOf(target.id()) != null); // what is there was deployed to the entry that counts
        Map<Long, List<DeploymentRepository.Wish>> open = store.openOn(now.keySet().stream().map(Target::id).collect(Collectors.toSet()));
        List<DriftView> found = new ArrayList<>();
        now.forEach((target, snapshot) -> of(target, snapshot, open.getOrDefault(target.id(), List.of())).forEach(f -> found.add(f.view())));
        return found;
    }

    /** The same, a part of them. */
    public Page<DriftView> list(int page, int size) {
        Page.check(page, size);
        List<DriftView> all = all();
        return new Page<>(all.stream().skip((long) page * size).limit(size).toList(), page, size, all.size());
    }

    /** Those of one JVM. */
    public List<DriftView> on(long targetId) {
        return twins.insteadOf(targetId) != null
                ? List.of()
                : of(targets.stored(targetId), monitor.snapshot(targetId), store.openOn(targetId)).stream().map(Found::view).toList();
    }

    private static List<Found> of(Target target, Snapshot snapshot, List<DeploymentRepository.Wish> open) {
        AgentInfo agent = snapshot.agent();
        if (!snapshot.isReachable() || agent == null) {
            return List.of();
        }
        Map<String, DeploymentRepository.Wish> newest = newest(open);
        Set<String> names = new LinkedHashSet<>(newest.keySet());
        agent.filters().forEach(f -> names.add(f.filter()));
        List<Found> found = new ArrayList<>();
        for (String name : names) {
            DeploymentRepository.Wish wish = newest.get(name);
            FilterStatus there = agent.filter(name);
            Drift drift = Drift.of(wish, there);
            if (drift != null) {
                found.add(new Found(view(target, name, drift, there, wish), wish));
            }
        }
        return found;
    }

    /** Of several deployments of a filter that are at work in one JVM, the newest. */
    static Map<String, DeploymentRepository.Wish> newest(List<DeploymentRepository.Wish> open) {
        Map<String, DeploymentRepository.Wish> newest = new LinkedHashMap<>();
        open.forEach(wish -> newest.put(wish.deployment().filter(), wish)); // they come oldest first
        return newest;
    }

    private static DriftView view(
            Target target, String filter, Drift drift, @Nullable FilterStatus there, DeploymentRepository.@Nullable Wish wish) {
        Deployment wanted = wish == null ? null : wish.deployment();
        return new DriftView(
                target.id(), target.name(), filter, drift,
                there == null ? JvmState.REMOVED.name() : there.state().word(), there == null ? "" : there.digest(), there == null ? "" : there.mode(),
                wanted == null ? null : Long.valueOf(wanted.id()),
                wanted == null ? null : Integer.valueOf(wanted.version()),
                wanted == null ? null : wanted.mode().text(),
                drift.sentence());
    }

    /**
     * The drift of one filter in one JVM, to be acted on.
     *
     * @throws LoomProblem if there is none, or the JVM is outside the scope of whoever is at work
     */
    Found require(long targetId, String filter) {
        Target target = targets.inScope(targetId);
        Long instead = twins.insteadOf(targetId);
        if (instead != null) {
            throw new LoomProblem(
                    ProblemCode.TARGET_EXISTS, target.name() + " is the same JVM as " + instead + ", which is in the list as well.", "Go to that one.");
        }
        Snapshot snapshot = monitor.snapshot(targetId);
        if (snapshot.failure() != null) {
            throw snapshot.failure().toProblem(target.name());
        }
        List<DeploymentRepository.Wish> open = store.openOn(targetId);
        return of(target, snapshot, open).stream().filter(f -> f.view().filter().equals(filter)).findFirst().orElseThrow(() -> none(target, filter, open));
    }

    private static LoomProblem none(Target target, String filter, List<DeploymentRepository.Wish> open) {
        DeploymentRepository.Wish wish = newest(open).get(filter);
        return wish == null
                ? new LoomProblem(
                        ProblemCode.FILTER_NOT_ON_TARGET, "There is no filter '" + filter + "' in " + target.name() + " that is not deployed.", "")
                : new LoomProblem(
                        ProblemCode.DEPLOYMENT_STATE,
                        "Filter " + filter + " in " + target.name() + " belongs to deployment " + wish.deployment().id() + ", and is as that wants it.",
                        "Disable that deployment to take it out.");
    }
}
