package dev.loom.console.deployment;

import dev.loom.console.audit.EventLog;
import dev.loom.console.audit.Subject;
import dev.loom.console.contract.LoomProblem;
import dev.loom.console.contract.ProblemCode;
import dev.loom.console.scope.Selector;
import dev.loom.console.storage.GroupCommit;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Changes what is stored of deployments, each change in a transaction of its own, and keeps what the reconciler reads every
 * second in memory. A deployment's own state follows from those of its JVMs; here alone it is brought up to date.
 */
@Component
class DeploymentStore {

    private final DeploymentRepository repository;
    private final EventLog events;
    private final TransactionTemplate transaction;
    private final Clock clock;
    private final Map<Long, List<DeploymentRepository.Wish>> open = new ConcurrentHashMap<>();
    private final Map<Long, Map<String, Long>> newest = new ConcurrentHashMap<>();
    /** Changes of state in the JVMs of a deployment: each one may change the deployment's own, so they are made one at a time. */
    private final Map<Long, GroupCommit<AssignmentChange>> together = new ConcurrentHashMap<>();
    private volatile @Nullable List<Deployment> selectors;

    /** Counts what makes the three of them out of date; raised and looked at under its own lock. */
    private final AtomicLong changes = new AtomicLong();

    DeploymentStore(DeploymentRepository repository, EventLog events, TransactionTemplate transaction, Clock clock) {
        this.repository = repository;
        this.events = events;
        this.transaction = transaction;
        this.clock = clock;
    }

    /** What is wanted or at work in one JVM. */
    List<DeploymentRepository.Wish> openOn(long target) {
        return kept(open, target, repository::openOn);
    }

    /** The same for many JVMs, with one query for those that are not known. */
    Map<Long, List<DeploymentRepository.Wish>> openOn(Set<Long> targets) {
        Map<Long, List<DeploymentRepository.Wish>> found = new HashMap<>();
        Set<Long> missing = new HashSet<>();
        for (Long id : targets) {
            List<DeploymentRepository.Wish> known = open.get(id);
            if (known == null) {
                missing.add(id);
            } else {
                found.put(id, known);
            }
        }
        if (missing.size() <= 3) {
            missing.forEach(id -> found.put(id, openOn(id)));
            return found;
        }
        long seen = changes.get();
        Map<Long, List<DeploymentRepository.Wish>> read = repository.open(missing);
        for (Long id : missing) {
            List<DeploymentRepository.Wish> there = read.getOrDefault(id, List.of());
            found.put(id, there); // also if something has changed since, and it is not kept: it is what was stored when it was asked for
            keep(open, id, there, seen);
        }
        return found;
    }

    /** The newest deployment of each filter that ever was in one JVM and was not taken back. */
    Map<String, Long> newestOn(long target) {
        return kept(newest, target, repository::newestOn);
    }

    private <T> T kept(Map<Long, T> cache, long target, LongFunction<T> read) {
        T known = cache.get(target);
        if (known == null) {
            long seen = changes.get();
            known = read.apply(target);
            keep(cache, target, known, seen);
        }
        return known;
    }

    /** What was read while something changed may be what was before, and is not kept: it would be believed until the next change. */
    private <T> void keep(Map<Long, T> cache, long target, T read, long seen) {
        synchronized (changes) {
            if (changes.get() == seen) {
                cache.put(target, read);
            }
        }
    }

    /**
     * Lets a JVM take part in a deployment that selects it, in the place of an older one of the same filter.
     *
     * @return whether it does now; not while the older one is at work there, or a newer one has come
     */
    boolean join(Deployment deployment, long target, String name) {
        Boolean joined = transaction.execute(status -> {
            repository.lockFilter(deployment.filter());
            Deployment now = repository.find(deployment.id()).orElseThrow();
            Long known = repository.newestOn(target).get(deployment.filter());
            List<Assignment> older = repository.openOn(target, deployment.filter());
            boolean atWork = older.stream().anyMatch(a -> !a.isReplaceable());
            if (now.intent() != Intent.ENABLED || (known != null && known >= deployment.id()) || atWork) {
                return false;
            }
            Long replaces = null;
            for (Assignment old : older) {
                Deployment before = repository.lock(old.deployment()).orElseThrow();
                DeploymentState stateBefore = state(before);
                supersede(old, deployment.id());
                replaces = old.agentDigest() == null ? replaces : Long.valueOf(old.deployment());
                follow(before, stateBefore);
            }
            repository.insert(List.of(Assignment.waiting(deployment.id(), target, name, replaces)), clock.millis());
            events.note(
                    "deployment.joined",
                    new Subject(target, deployment.filter(), deployment.id()),
                    name + " is selected by deployment " + deployment.id() + " of " + deployment.filter() + ".",
                    Map.of());
            return true;
        });
        refresh(target);
        return Boolean.TRUE.equals(joined);
    }

    /** Lets a deployment take JVMs by their labels, and no older one by the same. */
    void select(long id, Selector selector) {
        transaction.executeWithoutResult(status -> {
            Deployment deployment = repository.lock(id).orElseThrow(() -> notFound(id));
            repository.lockFilter(deployment.filter());
            for (Deployment older : repository.openSelectors(deployment.filter())) {
                if (older.id() < id && older.selector() != null && selector.isSame(older.selector())) {
                    repository.intent(older.id(), Intent.SUPERSEDED, older.mode(), clock.millis());
                }
            }
            repository.selector(id, selector.text());
        });
        refreshAll();
    }

    /** Ends an assignment because another deployment takes its place. Within a transaction. */
    void supersede(Assignment old, long by) {
        repository.update(old.with(Phase.ENDED, JvmState.SUPERSEDED, "Deployment " + by + " took its place."), old.phase(), clock.millis());
    }

    /** The state of a deployment as users see it. */
    DeploymentState state(Deployment deployment) {
        return Views.state(deployment, repository.tally(deployment.id()));
    }

    /** Newest first. */
    List<Deployment> openSelectors() {
        List<Deployment> known = selectors;
        if (known == null) {
            long seen = changes.get();
            known = repository.openSelectors();
            synchronized (changes) {
                selectors = changes.get() == seen ? known : null;
            }
        }
        return known;
    }

    /** Forgets what is kept in memory of a JVM. */
    void refresh(long target) {
        synchronized (changes) {
            changes.incrementAndGet();
            open.remove(target);
            newest.remove(target);
        }
    }

    void refreshAll() {
        synchronized (changes) {
            changes.incrementAndGet();
            open.clear();
            newest.clear();
            selectors = null;
        }
    }

    /**
     * Stores a change in one JVM, if the phase still is {@code expected}, and lets the deployment follow.
     *
     * @return whether it was stored
     */
    boolean change(Assignment before, Assignment after, Phase expected) {
        boolean stateChanged = before.phase() != after.phase() || before.state() != after.state();
        boolean stored = stateChanged
                ? together.computeIfAbsent(after.deployment(), this::changesOf).store(new AssignmentChange(after, expected))
                : Boolean.TRUE.equals(transaction.execute(status -> repository.update(after, expected, clock.millis())));
        refresh(after.target());
        if (stateChanged) {
            synchronized (changes) {
                selectors = null;
            }
        }
        return stored;
    }

    /** A new state of an assignment, stored if its phase still is {@code expected}. */
    private record AssignmentChange(Assignment after, Phase expected) {}

    private GroupCommit<AssignmentChange> changesOf(long deployment) {
        return new GroupCommit<>(group -> Objects.requireNonNull(transaction.execute(status -> {
            long now = clock.millis();
            Deployment locked = repository.lock(deployment).orElseThrow();
            DeploymentState stateBefore = state(locked);
            List<Boolean> stored = new ArrayList<>();
            for (AssignmentChange change : group) {
                stored.add(repository.update(change.after(), change.expected(), now));
            }
            if (stored.contains(true) && follow(locked, stateBefore).intent().isEnd()) {
                together.remove(deployment); // nothing follows
            }
            return stored;
        })));
    }

    /** Ends a deployment whose JVMs have all ended, and records a change of its state. Within a transaction. */
    Deployment follow(Deployment deployment, DeploymentState stateBefore) {
        Tally tally = repository.tally(deployment.id());
        Intent next = next(deployment, tally);
        if (next != deployment.intent()) {
            repository.intent(deployment.id(), next, deployment.mode(), clock.millis());
            selectors = null;
        }
        Deployment now = repository.find(deployment.id()).orElseThrow();
        DeploymentState state = Views.state(now, tally);
        if (state != stateBefore) {
            events.note(
                    "deployment.state",
                    Subject.ofDeployment(now.id(), now.filter()),
                    "Deployment " + now.id() + " of " + now.filter() + " is " + state + ".",
                    Map.of("state", state, "version", now.version(), "jvms", tally.rows()));
        }
        return now;
    }

    private static Intent next(Deployment deployment, Tally tally) {
        if (tally.ended() < tally.rows() || deployment.intent().isEnd()) {
            return deployment.intent();
        }
        return switch (deployment.intent()) {
            case DISABLING -> Intent.DISABLED;
            case ABORTING -> Intent.ABORTED;
            default -> {
                if (deployment.selector() != null || tally.rows() == 0) {
                    yield deployment.intent(); // another JVM may come
                }
                if (tally.count(JvmState.SUPERSEDED) == tally.rows()) {
                    yield Intent.SUPERSEDED;
                }
                yield tally.count(JvmState::isRefused) > 0 ? Intent.FAILED : Intent.DISABLED;
            }
        };
    }

    /** Changes what a deployment is meant to do, and what is to be done in its JVMs. */
    Deployment intend(long id, UnaryOperator<Deployment> wish, UnaryOperator<Assignment> each, String type, String message) {
        List<Assignment> neverInstalled = new ArrayList<>();
        transaction.executeWithoutResult(status -> {
            Deployment before = repository.lock(id).orElseThrow(() -> notFound(id));
            Deployment after = wish.apply(before);
            DeploymentState stateBefore = state(before);
            repository.intent(id, after.intent(), after.mode(), clock.millis());
            for (Assignment row : repository.of(id)) {
                Assignment changed = each.apply(row);
                if (changed != row) {
                    repository.update(changed, row.phase(), clock.millis());
                }
                if (changed.phase() == Phase.ENDED && row.phase() != Phase.ENDED) {
                    neverInstalled.add(row);
                }
            }
            events.audit(
                    type,
                    Subject.ofDeployment(id, before.filter()),
                    message + " deployment " + id + " of " + before.filter() + ".",
                    Map.of("version", before.version(), "mode", after.mode().text()));
            follow(after, stateBefore);
            if (after.intent() == Intent.ABORTING && before.replaces() != null) {
                bringBack(before.replaces());
            }
        });
        neverInstalled.forEach(this::revive);
        refreshAll();
        return repository.find(id).orElseThrow();
    }

    /** A deployment by selector whose place was taken takes JVMs again. Within a transaction. */
    private void bringBack(long id) {
        repository.lock(id).filter(old -> old.intent() == Intent.SUPERSEDED).ifPresent(old -> {
            DeploymentState stateBefore = state(old);
            repository.intent(id, Intent.ENABLED, old.mode(), clock.millis());
            follow(repository.find(id).orElseThrow(), stateBefore);
        });
    }

    /** Brings the deployment back that another took the place of in a JVM, because that one was taken back there. */
    void revive(Assignment cancelled) {
        Long replaced = cancelled.replaces();
        if (replaced == null) {
            return;
        }
        transaction.executeWithoutResult(status -> {
            Optional<Deployment> old = repository.lock(replaced);
            Optional<Assignment> row = repository.find(replaced, cancelled.target());
            if (old.isEmpty() || row.isEmpty() || row.get().state() != JvmState.SUPERSEDED) {
                return;
            }
            DeploymentState stateBefore = state(old.get());
            repository.update(row.get().with(Phase.INSTALLED, JvmState.ACTIVE, ""), Phase.ENDED, clock.millis());
            if (old.get().intent() == Intent.SUPERSEDED) {
                repository.intent(replaced, Intent.ENABLED, old.get().mode(), clock.millis());
            }
            follow(repository.find(replaced).orElseThrow(), stateBefore);
        });
        refreshAll();
    }

    static LoomProblem notFound(long id) {
        return new LoomProblem(
                ProblemCode.DEPLOYMENT_NOT_FOUND, "There is no deployment " + id + ".", "By REST: GET /api/v1/deployments lists them.");
    }
}
