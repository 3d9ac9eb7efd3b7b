package dev.loom.console.deployment;

import dev.loom.console.contract.LoomProblem;
import dev.loom.console.contract.ProblemCode;
import dev.loom.console.scope.Scope;
import dev.loom.console.scope.Selector;
import dev.loom.console.target.Target;
import dev.loom.console.target.TargetMonitor;
import dev.loom.console.target.TargetService;
import dev.loom.console.target.Twins;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Service;

/** Which JVMs a deployment is about, and comes to later. */
@Service
public class DeploymentTargets {

    /** Most JVMs that a deployment names one by one. */
    private static final int MAX_TARGETS = 5_000;

    /** Most JVMs that a preview names. */
    private static final int SHOWN = 20;

    private final DeploymentRepository repository;
    private final DeploymentStore store;
    private final TargetService targets;
    private final TargetMonitor monitor;
    private final Twins twins;
    private final ObjectProvider<Rollouts> rollouts;

    DeploymentTargets(
            DeploymentRepository repository, DeploymentStore store, TargetService targets, TargetMonitor monitor, Twins twins,
            ObjectProvider<Rollouts> rollouts) {
        this.repository = repository;
        this.store = store;
        this.targets = targets;
        this.monitor = monitor;
        this.twins = twins;
        this.rollouts = rollouts;
    }

    /**
     * The selector of a wish; null where it names its JVMs.
     *
     * @throws LoomProblem unless it has one of the two
     */
    @Nullable Selector selectorOf(NewDeployment wanted) {
        boolean byLabel = wanted.selector() != null && !wanted.selector().isBlank();
        boolean byId = wanted.targets() != null && !wanted.targets().isEmpty();
        if (byLabel == byId) {
            throw new LoomProblem(
                    ProblemCode.NO_TARGETS,
                    byId ? "Both JVMs and a selector are given." : "No JVM is given.",
                    "Choose JVMs, or give labels as in env=prod. By REST: targets, a list of ids, or selector.");
        }
        return byLabel ? Selector.parse(wanted.selector()) : null;
    }

    /** The JVMs that a wish is about, those by a selector in the order of their names. */
    public List<Long> targetsOf(NewDeployment wanted) {
        return wanted.selector() != null && !wanted.selector().isBlank()
                ? targetsBy(wanted.selector())
                : named(wanted.targets() == null ? List.of() : wanted.targets()).stream().map(Target::id).toList();
    }

    /**
     * To be called before JVMs are acted on, or whatever a selector takes now and later.
     *
     * @param selector null for none
     * @throws LoomProblem if one of them is outside the scope of whoever is at work
     */
    public void requireInScope(Collection<Long> ids, @Nullable Selector selector) {
        Scope scope = Scope.current();
        if (selector != null) {
            scope.require(selector);
        }
        if (!scope.isEverywhere()) {
            targets.stored(ids).values().forEach(target -> scope.require(target.name(), target.labels()));
        }
    }

    /** The same for all JVMs in which a deployment is, was, or can come to be. */
    public void requireInScope(long id) {
        if (Scope.current().isEverywhere()) {
            return;
        }
        Deployment deployment = repository.find(id).orElseThrow(() -> DeploymentStore.notFound(id));
        List<Long> had = repository.of(id).stream().map(Assignment::target).toList();
        requireInScope(had, deployment.selector() == null ? null : Selector.parse(deployment.selector()));
        rollouts.ifAvailable(all -> all.requireInScope(id));
    }

    /** Whether {@link #requireInScope(long)} would let it pass. */
    public boolean isInScope(long id) {
        try {
            requireInScope(id);
            return true;
        } catch (LoomProblem outside) {
            return false;
        }
    }

    /** The JVMs that have the labels now, in the order of their names. */
    public List<Long> targetsBy(String selector) {
        Selector parsed = Selector.parse(selector);
        return selected(parsed).stream().sorted(Comparator.comparing(Target::name).thenComparing(Target::id))
                .map(Target::id).toList();
    }

    /** What a selector takes now. */
    SelectorPreview preview(String selector) {
        List<Long> ids = targetsBy(selector);
        Map<Long, Target> found = targets.stored(ids.subList(0, Math.min(SHOWN, ids.size())));
        return new SelectorPreview(selector, ids.size(), ids.stream().map(found::get).filter(Objects::nonNull).map(Target::name).toList());
    }

    /** Takes more JVMs into a deployment; one where an older deployment of the filter is at work is taken when that is done. */
    public void extend(long id, List<Long> more) {
        Deployment deployment = repository.find(id).orElseThrow(() -> DeploymentStore.notFound(id));
        for (Target target : targets.stored(more).values()) {
            if (store.join(deployment, target.id(), target.name())) {
                monitor.wake(target.id());
            }
        }
    }

    /** From now on the deployment takes each JVM that has the labels, in the place of the one that did so before. */
    public void takeAllWith(long id, String selector) {
        store.select(id, Selector.parse(selector));
        monitor.wakeAll();
    }

    /** Where a deployment took the place of others that are over: ids of JVMs by deployment. Without those where another one is at work. */
    public Map<Long, List<Long>> tookThePlaceOf(long id) {
        Map<Long, List<Long>> before = new LinkedHashMap<>();
        String filter = repository.find(id).orElseThrow(() -> DeploymentStore.notFound(id)).filter();
        for (Assignment row : repository.of(id)) {
            if (row.replaces() != null && targets.find(row.target()).isPresent() && repository.openOn(row.target(), filter).isEmpty()) {
                before.computeIfAbsent(row.replaces(), old -> new ArrayList<>()).add(row.target());
            }
        }
        return before;
    }

    /**
     * Those that a selector takes: of several entries of one JVM the one that counts.
     */
    List<Target> selected(Selector selector) {
        return targets.all().stream().filter(t -> selector.matches(t.labels()) && twins.insteadOf(t.id()) == null).toList();
    }

    /** The JVMs of these ids; what is none is said, and what is another entry of a JVM too. */
    List<Target> named(List<Long> ids) {
        if (ids.stream().anyMatch(Objects::isNull) || ids.size() > MAX_TARGETS) {
            throw new LoomProblem(
                    ProblemCode.BAD_REQUEST, "targets are ids of JVMs, " + MAX_TARGETS + " at most.", "For more, give a selector.");
        }
        Set<Long> wanted = new LinkedHashSet<>(ids);
        Map<Long, Target> found = targets.stored(wanted);
        List<Target> named = wanted.stream().map(id -> found.containsKey(id) ? found.get(id) : targets.stored(id)).toList();
        for (Target target : named) {
            Long instead = twins.insteadOf(target.id());
            if (instead != null) {
                throw new LoomProblem(
                        ProblemCode.TARGET_EXISTS, target.name() + " (" + target.id() + ") is the same JVM as " + instead + ", which is in the list as well.",
                        "Name " + instead + ", or take one of the two off the list.");
            }
        }
        return named;
    }
}
