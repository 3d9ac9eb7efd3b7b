package dev.loom.console.deployment;

import dev.loom.client.FilterStatus;
import dev.loom.console.audit.Actor;
import dev.loom.console.audit.EventLog;
import dev.loom.console.audit.Subject;
import dev.loom.console.contract.LoomProblem;
import dev.loom.console.contract.Page;
import dev.loom.console.contract.ProblemCode;
import dev.loom.console.filter.FilterService;
import dev.loom.console.filter.FilterUse;
import dev.loom.console.filter.FilterView;
import dev.loom.console.scope.Selector;
import dev.loom.console.target.Snapshot;
import dev.loom.console.target.Target;
import dev.loom.console.target.TargetMonitor;
import dev.loom.console.target.TargetService;
import dev.loom.console.target.TargetUse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionTemplate;

/** Enables filters in JVMs, and disables them. What is asked here is stored and answered at once; {@link Reconciler} does it. */
@Service
public class DeploymentService implements FilterUse, TargetUse {

    /** Most JVMs whose opinion of the filter is asked before anything is stored. */
    private static final int CHECKED_BEFORE = 8;

    private static final Duration CHECK_DEADLINE = Duration.ofSeconds(10);
    private static final Duration FIRST_ANSWER = Duration.ofSeconds(5);

    private final DeploymentRepository repository;
    private final DeploymentStore store;
    private final DeploymentTargets deploymentTargets;
    private final FilterService filters;
    private final TargetService targets;
    private final TargetMonitor monitor;
    private final EventLog events;
    private final TransactionTemplate transaction;
    private final Clock clock;
    private final ObjectProvider<Rollouts> rollouts;

    DeploymentService(
            DeploymentRepository repository,
            DeploymentStore store,
            DeploymentTargets deploymentTargets,
            FilterService filters,
            TargetService targets,
            TargetMonitor monitor,
            EventLog events,
            TransactionTemplate transaction,
            Clock clock,
            ObjectProvider<Rollouts> rollouts) {
        this.repository = repository;
        this.store = store;
        this.deploymentTargets = deploymentTargets;
        this.filters = filters;
        this.targets = targets;
        this.monitor = monitor;
        this.events = events;
        this.transaction = transaction;
        this.clock = clock;
        this.rollouts = rollouts;
    }

    /**
     * Enables a filter. JVMs that are named must be reachable and accept the filter, else nothing is stored; JVMs that are selected
     * by label take it when they can.
     */
    public DeploymentView create(NewDeployment wanted) {
        return create(wanted, id -> {});
    }

    /** The same; {@code alongside} stores what belongs to it, in the same transaction. */
    public DeploymentView create(NewDeployment wanted, LongConsumer alongside) {
        Mode mode = Mode.parse(wanted.mode());
        Policies policies = Policies.parse(wanted.onStraggler(), wanted.onHarmful(), wanted.onDeadlocked());
        Selector selector = deploymentTargets.selectorOf(wanted);
        FilterView filter = filters.get(wanted.filter());
        if (wanted.version() != null) {
            filter = filters.version(wanted.filter(), wanted.version());
        }
        List<Target> chosen = selector != null
                ? deploymentTargets.selected(selector)
                : deploymentTargets.named(Objects.requireNonNull(wanted.targets()));
        if (selector != null && chosen.isEmpty() && !wanted.allowEmpty()) {
            throw new LoomProblem(
                    ProblemCode.NO_TARGETS,
                    "No JVM has these labels: " + selector.text() + ".",
                    "Check them in the list of JVMs, or say that the filter is for JVMs that come later, too. By REST: allowEmpty.");
        }
        deploymentTargets.requireInScope(chosen.stream().map(Target::id).toList(), selector);
        if (selector == null) {
            requireReachable(chosen);
            requireAccepted(chosen, filter);
        }
        long id = store(filter, mode, policies, selector, chosen, alongside);
        store.refreshAll();
        chosen.forEach(t -> monitor.wake(t.id()));
        if (selector != null) {
            monitor.wakeAll();
        }
        return get(id);
    }

    private void requireReachable(List<Target> chosen) {
        for (Target target : chosen) {
            Snapshot snapshot = monitor.firstAnswer(target.id(), FIRST_ANSWER);
            if (snapshot.failure() != null) {
                throw snapshot.failure().toProblem(target.name());
            }
            if (!snapshot.isReachable()) {
                throw new LoomProblem(
                        ProblemCode.TARGET_UNREACHABLE, target.name() + ": the console is still connecting to it.", "Try again in a moment.");
            }
        }
    }

    private void requireAccepted(List<Target> chosen, FilterView filter) {
        if (chosen.size() > CHECKED_BEFORE) {
            return; // each JVM says so for itself
        }
        for (Target target : chosen) {
            FilterStatus status = monitor.call(target.id(), CHECK_DEADLINE, agent -> agent.check(filter.text()));
            if (status.isRejected()) {
                throw new LoomProblem(
                        ProblemCode.FILTER_REJECTED,
                        target.name() + " cannot take filter " + filter.name() + "; nothing was installed.",
                        "Each error is listed with its line.",
                        status.diagnostics());
            }
        }
    }

    private long store(FilterView filter, Mode mode, Policies policies, @Nullable Selector selector, List<Target> chosen,
            LongConsumer alongside) {
        return Objects.requireNonNull(transaction.execute(status -> {
            long now = clock.millis();
            repository.lockFilter(filter.name());
            Deployment same = selector == null ? null : sameSelector(filter, mode, policies, selector);
            Map<Long, Assignment> open = new HashMap<>();
            repository.openOf(filter.name()).forEach(a -> open.put(a.target(), a));
            List<Target> taken = new ArrayList<>();
            for (Target target : chosen) {
                Assignment old = open.get(target.id());
                if (old == null || old.isReplaceable()) {
                    taken.add(target);
                } else if (selector == null) {
                    throw busy(old, target, filter.name());
                } // a JVM that is selected and has an older one at work joins when that is done
            }
            List<Assignment> replaced =
                    taken.stream().map(t -> open.get(t.id())).filter(Objects::nonNull).toList();
            Map<Deployment, DeploymentState> before = new LinkedHashMap<>();
            TreeSet<Long> olds = new TreeSet<>(replaced.stream().map(Assignment::deployment).toList());
            if (same != null) {
                olds.add(same.id());
            }
            for (long old : olds) {
                Deployment locked = repository.lock(old).orElseThrow();
                before.put(locked, store.state(locked));
            }
            long id = repository.insert(new Deployment(
                    0, filter.name(), filter.version(), mode, policies, selector == null ? null : selector.text(), Intent.ENABLED, 1, now,
                    Actor.current(), now, null, same == null ? null : Long.valueOf(same.id())));
            repository.insert(
                    taken.stream().map(t -> Assignment.waiting(id, t.id(), t.name(), replacedBy(open.get(t.id())))).toList(), now);
            replaced.forEach(old -> store.supersede(old, id));
            if (same != null) {
                repository.intent(same.id(), Intent.SUPERSEDED, same.mode(), now);
            }
            alongside.accept(id);
            // events come last: the counter that they lock is everybody's
            events.audit(
                    "deployment.created",
                    Subject.ofDeployment(id, filter.name()),
                    "Enabled " + filter.name() + " version " + filter.version() + " (" + mode.text() + ") in "
                            + (selector != null ? "the JVMs " + selector.text() : names(chosen)) + ".",
                    Map.of(
                            "version", filter.version(),
                            "mode", mode.text(),
                            "onStraggler", policies.onStraggler(),
                            "onHarmful", policies.onHarmful(),
                            "onDeadlocked", policies.onDeadlocked(),
                            "selector", selector == null ? "" : selector.text(),
                            "targets", taken.stream().map(Target::id).toList()));
            before.forEach((old, state) -> store.follow(repository.find(old.id()).orElseThrow(), state));
            return id;
        }));
    }

    private static @Nullable Long replacedBy(@Nullable Assignment old) {
        return old == null ? null : Long.valueOf(old.deployment());
    }

    /** The open deployment of the filter by the same selector, whose place the new one takes; null if there is none. */
    private @Nullable Deployment sameSelector(FilterView filter, Mode mode, Policies policies, Selector selector) {
        for (Deployment open : repository.openSelectors(filter.name())) {
            boolean sameJvms = open.selector() != null && selector.isSame(open.selector());
            if (sameJvms && !open.intent().isWanted()) {
                throw new LoomProblem(
                        ProblemCode.DEPLOYMENT_BUSY,
                        "Deployment " + open.id() + " of " + filter.name() + " by the same selector is " + open.intent() + ".",
                        "Wait until it has ended.");
            }
            if (sameJvms && open.version() == filter.version() && open.mode() == mode && open.policies().equals(policies)) {
                throw new LoomProblem(
                        ProblemCode.DEPLOYMENT_BUSY,
                        "Deployment " + open.id() + " enables version " + filter.version() + " of " + filter.name() + " in the JVMs "
                                + open.selector() + " already, also in those that come later.",
                        "Look at that one; there is nothing to add.");
            }
            if (sameJvms) {
                return open;
            }
        }
        return null;
    }

    private static LoomProblem busy(Assignment old, Target target, String filter) {
        return new LoomProblem(
                ProblemCode.DEPLOYMENT_BUSY,
                "Deployment " + old.deployment() + " of " + filter + " is not finished in " + target.name() + ": it is " + old.state() + ".",
                "Wait until it is ACTIVE, or abort or disable it first.");
    }

    private static String names(List<Target> targets) {
        return targets.size() > 5 ? targets.size() + " JVMs" : targets.stream().map(Target::name).collect(Collectors.joining(", "));
    }

    /** The state of a deployment, which costs less than all of it. */
    DeploymentState state(long id) {
        return store.state(repository.find(id).orElseThrow(() -> DeploymentStore.notFound(id)));
    }

    /** The filter of a deployment. */
    public String filterOf(long id) {
        return repository.find(id).orElseThrow(() -> DeploymentStore.notFound(id)).filter();
    }

    /** One deployment with its JVMs. */
    public DeploymentView get(long id) {
        Deployment deployment = repository.find(id).orElseThrow(() -> DeploymentStore.notFound(id));
        Rollouts known = rollouts.getIfAvailable();
        return Views.view(deployment, repository.of(id), monitor, known == null ? null : known.of(id));
    }

    /**
     * Deployments, newest first.
     *
     * @param filter null for all
     * @param ended null for all
     */
    public Page<DeploymentView> list(@Nullable String filter, @Nullable Boolean ended, int page, int size) {
        Page.check(page, size);
        List<Deployment> found = repository.page(filter, ended, page, size);
        return new Page<>(views(found), page, size, repository.count(filter, ended));
    }

    /** As {@link #list}, with the JVMs counted and not listed: for any number of them. */
    public Page<DeploymentSummary> summaries(@Nullable String filter, @Nullable Boolean ended, int page, int size) {
        Page.check(page, size);
        List<Deployment> found = repository.page(filter, ended, page, size);
        Map<Long, List<DeploymentRepository.Group>> groups = repository.groups(found.stream().map(Deployment::id).toList());
        return new Page<>(
                found.stream().map(d -> Views.summary(d, groups.getOrDefault(d.id(), List.of()))).toList(), page, size,
                repository.count(filter, ended));
    }

    /** Where something is wrong or slow in deployments that are not ended. */
    public List<Troubled> troubled(int limit) {
        return repository.troubled(limit).stream()
                .map(e -> new Troubled(
                        e.getKey().id(), e.getKey().filter(), Instant.ofEpochMilli(e.getKey().updatedAt()),
                        Views.progress(e.getValue(), monitor)))
                .toList();
    }

    /** The deployments that are or were in one JVM, newest first, 100 at most. */
    public List<DeploymentView> onTarget(long targetId) {
        targets.stored(targetId);
        return views(repository.everOn(targetId, 100));
    }

    /** The deployment of a filter in one JVM that is not ended there. */
    public Optional<Long> openOn(long targetId, String filter) {
        return store.openOn(targetId).stream()
                .filter(wish -> wish.deployment().filter().equals(filter))
                .map(wish -> wish.deployment().id())
                .reduce((older, newer) -> newer);
    }

    private List<DeploymentView> views(List<Deployment> found) {
        Map<Long, List<Assignment>> rows = repository.of(found.stream().map(Deployment::id).toList()).stream()
                .collect(Collectors.groupingBy(Assignment::deployment));
        return found.stream().map(d -> Views.view(d, rows.getOrDefault(d.id(), List.of()), monitor, null)).toList();
    }

    /** Disables a filter in all JVMs of a deployment. Asking again changes nothing. */
    public DeploymentView disable(long id) {
        deploymentTargets.requireInScope(id);
        DeploymentView now = get(id);
        if (now.isEnded() || now.state().isLeaving()) {
            return now;
        }
        store.intend(id, d -> with(d, Intent.DISABLING), DeploymentService::toRemove, "deployment.disabled", "Disabled");
        return woken(id);
    }

    /** Takes a deployment back: what is not finished is cancelled, which brings the version before it back; the rest is removed. */
    public DeploymentView abort(long id) {
        require(id, "aborted", Intent.ENABLED, Intent.PAUSED);
        store.intend(id, d -> with(d, Intent.ABORTING), DeploymentService::toCancel, "deployment.aborted", "Aborted");
        return woken(id);
    }

    /** Leaves the JVMs as they are, and does not go on to others. */
    public DeploymentView pause(long id) {
        require(id, "paused", Intent.ENABLED);
        store.intend(id, d -> with(d, Intent.PAUSED), a -> a, "deployment.paused", "Paused");
        return woken(id);
    }

    /** Goes on after a pause. */
    public DeploymentView resume(long id) {
        require(id, "resumed", Intent.PAUSED);
        store.intend(id, d -> with(d, Intent.ENABLED), a -> a, "deployment.resumed", "Resumed");
        return woken(id);
    }

    /** Goes to the next step. All JVMs are one step, so that is from observing to enforcing. */
    public DeploymentView promote(long id) {
        Deployment deployment = require(id, "promoted", Intent.ENABLED);
        if (deployment.mode() != Mode.OBSERVE) {
            throw new LoomProblem(
                    ProblemCode.DEPLOYMENT_STATE, "Deployment " + id + " enforces already: there is no further step.", "");
        }
        return inMode(id, Mode.ENFORCE, "deployment.promoted", "Promoted to enforcing");
    }

    /** Goes back from enforcing to observing: no thread waits any more, and what overlaps is counted. */
    public DeploymentView observe(long id) {
        Deployment deployment = require(id, "set back", Intent.ENABLED);
        if (deployment.mode() != Mode.ENFORCE) {
            throw new LoomProblem(ProblemCode.DEPLOYMENT_STATE, "Deployment " + id + " only observes already.", "");
        }
        return inMode(id, Mode.OBSERVE, "deployment.observing", "Set back to observing");
    }

    private DeploymentView inMode(long id, Mode mode, String event, String what) {
        store.intend(
                id,
                d -> d.in(mode, d.intent()),
                a -> a.phase() == Phase.INSTALLED ? a.with(Phase.WAITING, JvmState.PENDING, "") : a,
                event,
                what);
        return woken(id);
    }

    /** Takes the install of a filter in one JVM back. */
    public void cancelOn(long targetId, String filter) {
        long id = openOn(targetId, filter).orElseThrow();
        Assignment before = repository.find(id, targetId).orElseThrow();
        if (before.phase() != Phase.INSTALLED || before.isSettled()) {
            throw new LoomProblem(
                    ProblemCode.DEPLOYMENT_STATE,
                    "Filter " + filter + " is " + before.state() + " there: there is nothing to cancel.",
                    "To take it out, disable deployment " + id + ".");
        }
        store.change(before, before.with(Phase.CANCELLING, before.state(), ""), before.phase());
        monitor.wake(targetId);
    }

    private Deployment require(long id, String done, Intent... allowed) {
        deploymentTargets.requireInScope(id);
        Deployment deployment = repository.find(id).orElseThrow(() -> DeploymentStore.notFound(id));
        if (!List.of(allowed).contains(deployment.intent())) {
            throw new LoomProblem(
                    ProblemCode.DEPLOYMENT_STATE, "Deployment " + id + " is " + deployment.intent() + ": it cannot be " + done + ".", "");
        }
        return deployment;
    }

    private static Deployment with(Deployment d, Intent intent) {
        return d.in(d.mode(), intent);
    }

    private static Assignment toRemove(Assignment a) {
        return takenBack(a, Phase.REMOVING);
    }

    private static Assignment toCancel(Assignment a) {
        return takenBack(a, Phase.CANCELLING);
    }

    private static Assignment takenBack(Assignment a, Phase how) {
        return switch (a.phase()) {
            case WAITING -> a.agentDigest() == null
                    ? a.with(Phase.ENDED, JvmState.REMOVED, "It was never installed.")
                    : a.with(how, a.state(), a.cause());
            case INSTALLING, INSTALLED -> a.with(how, a.state(), a.cause());
            case CANCELLING, REMOVING, ENDED -> a;
        };
    }

    private DeploymentView woken(long id) {
        DeploymentView view = get(id);
        view.jvms().forEach(jvm -> monitor.wake(jvm.targetId()));
        return view;
    }

    @Override
    public boolean isEnabled(String filter) {
        return repository.isEnabled(filter);
    }

    @Override
    public List<String> filtersOn(long targetId) {
        return store.openOn(targetId).stream().map(wish -> wish.deployment().filter()).distinct().toList();
    }
}
