package dev.loom.console.deployment;

import dev.loom.client.AgentInfo;
import dev.loom.client.FilterState;
import dev.loom.client.FilterStatus;
import dev.loom.console.audit.EventLog;
import dev.loom.console.audit.Subject;
import dev.loom.console.contract.LoomProblem;
import dev.loom.console.contract.ProblemCode;
import dev.loom.console.filter.FilterService;
import dev.loom.console.jmx.Unreachable;
import dev.loom.console.scope.Selector;
import dev.loom.console.target.Snapshot;
import dev.loom.console.target.Target;
import dev.loom.console.target.TargetListener;
import dev.loom.console.target.TargetMonitor;
import dev.loom.console.target.TargetState;
import dev.loom.console.target.Twins;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Makes what is so in each JVM what it shall be.
 *
 * <p>After every reading of a JVM each of its assignments takes at most one step: install, follow, cancel, remove. The step is
 * decided from what is stored and what the JVM just said, never from what happened before, so that it is the same after a
 * restart of the console or of the JVM. Two things keep a step from being taken twice: while a command for a filter is on its
 * way nothing else is decided about it, and readings that began before the command's end are not looked at, for they may not show
 * what it did. Both are asked of the command itself ({@code commands}), which ends in any case: nothing is left behind by an exception.
 */
@Component
class Reconciler implements TargetListener {

    private static final Logger log = LoggerFactory.getLogger(Reconciler.class);

    private final DeploymentStore store;
    private final DeploymentRepository repository;
    private final TargetMonitor monitor;
    private final FilterService filters;
    private final EventLog events;
    private final Twins twins;

    /** The newest command for each filter in each JVM; its result is the {@link System#nanoTime()} of its end. */
    private final Map<Place, CompletableFuture<Long>> commands = new ConcurrentHashMap<>();

    /** One filter in one JVM. */
    private record Place(long target, String filter) {}

    Reconciler(DeploymentStore store, DeploymentRepository repository, TargetMonitor monitor, FilterService filters, EventLog events, Twins twins) {
        this.store = store;
        this.repository = repository;
        this.monitor = monitor;
        this.filters = filters;
        this.events = events;
        this.twins = twins;
    }

    @Override
    public void onSnapshot(Target target, Snapshot before, Snapshot now) {
        if (now.state() == TargetState.CONNECTING) {
            return;
        }
        Long instead = twins.insteadOf(target.id());
        if (now.isReachable() && instead == null) {
            join(target);
        }
        for (DeploymentRepository.Wish wish : store.openOn(target.id())) {
            if (!shows(now, new Place(target.id(), wish.deployment().filter()))) {
                continue;
            }
            try {
                if (instead != null && wish.assignment().phase() == Phase.WAITING && wish.assignment().agentDigest() == null) {
                    Assignment a = wish.assignment();
                    change(a, a.with(Phase.ENDED, JvmState.REMOVED, "It is the same JVM as " + instead + " in the list, and gets filters there."));
                } else if (now.isReachable()) {
                    step(target, wish, now, Objects.requireNonNull(now.agent()));
                } else {
                    unreachable(target, wish, Objects.requireNonNull(now.failure()));
                }
            } catch (RuntimeException e) {
                store.refresh(target.id());
                log.warn("{} in JVM {}: tried again with the next reading", wish.deployment().filter(), target, e);
            }
        }
    }

    /** Whether a reading shows what the last command for a filter did: it has ended, before the reading began. */
    private boolean shows(Snapshot reading, Place place) {
        CompletableFuture<Long> command = commands.get(place);
        if (command == null) {
            return true;
        }
        if (!command.isDone()) {
            return false;
        }
        return reading.askedNanos() - command.join() > 0;
    }

    /** Sends a command and keeps it until the next one. */
    private void send(Place place, TargetMonitor.Command<FilterStatus> command, BiConsumer<@Nullable FilterStatus, @Nullable Throwable> then) {
        commands.put(place, monitor.submit(place.target(), command).handle((status, failure) -> {
            try {
                Throwable cause = failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
                then.accept(status, cause);
            } catch (RuntimeException e) {
                store.refresh(place.target());
                log.warn("What a command for {} did was not stored: it is read from the JVM again", place, e);
            }
            monitor.wake(place.target());
            return System.nanoTime();
        }));
    }

    /** Lets the JVM take part in the deployments that select it by its labels. */
    private void join(Target target) {
        Set<String> decided = new HashSet<>();
        for (Deployment deployment : store.openSelectors()) {
            if (deployment.selector() == null || !selects(deployment.selector(), target) || !decided.add(deployment.filter())) {
                continue; // the newest that selects it counts, and no older one
            }
            Long newest = store.newestOn(target.id()).get(deployment.filter());
            if (newest == null || newest < deployment.id()) {
                store.join(deployment, target.id(), target.name());
            }
        }
    }

    /** Older consoles took selectors that this one refuses: those select nothing more. */
    private static boolean selects(String selector, Target target) {
        try {
            return Selector.parse(selector).matches(target.labels());
        } catch (LoomProblem nonsense) {
            return false;
        }
    }

    private void step(Target target, DeploymentRepository.Wish wish, Snapshot now, AgentInfo agent) {
        Assignment a = wish.assignment();
        FilterStatus there = agent.filter(wish.deployment().filter());
        switch (a.phase()) {
            case WAITING, INSTALLING -> {
                if (there != null && !there.state().isEnd() && isWanted(wish, there)) {
                    follow(target, wish, now, there);
                } else if (wish.deployment().intent() == Intent.PAUSED) {
                    change(a, a.with(Phase.WAITING, JvmState.PENDING, "The deployment is paused."));
                } else {
                    install(target, wish, now);
                }
            }
            case INSTALLED -> {
                boolean otherJvm = a.jvmStart() != null && now.jvm() != null && a.jvmStart() != now.jvm().startMillis();
                if (there == null && a.state() == JvmState.REMOVED && !otherJvm) {
                    return; // who removed it there may have had a reason: people decide
                }
                if (there == null || (there.state().isEnd() && otherJvm)) {
                    events.note(
                            "deployment.reinstalling",
                            new Subject(target.id(), wish.deployment().filter(), wish.deployment().id()),
                            target.name() + (otherJvm ? " was restarted" : " no longer has " + wish.deployment().filter()) + ": "
                                    + wish.deployment().filter() + " is installed again.",
                            Map.of("restarted", otherJvm));
                    install(target, wish, now);
                } else {
                    follow(target, wish, now, there);
                }
            }
            case CANCELLING, REMOVING -> takeBack(target, wish, there);
            case ENDED -> {}
        }
    }

    /** Whether the JVM has this very text in this very mode. */
    private static boolean isWanted(DeploymentRepository.Wish wish, FilterStatus there) {
        return there.digest().equals(wish.digest()) && (there.mode().isEmpty() || there.mode().equals(wish.deployment().mode().text()));
    }

    private void install(Target target, DeploymentRepository.Wish wish, Snapshot now) {
        Deployment deployment = wish.deployment();
        Assignment before = wish.assignment();
        Place place = new Place(target.id(), deployment.filter());
        long jvmStart = now.jvm() == null ? 0 : now.jvm().startMillis();
        Assignment installing = new Assignment(
                before.deployment(), before.target(), target.name(), Phase.INSTALLING, JvmState.INSTALLING, 0, 0, false, "", List.of(),
                before.agentDigest(), before.jvmStart(), before.replaces(), before.installedAt(), null);
        String text = filters.text(deployment.filter(), deployment.version());
        if (!store.change(before, installing, before.phase())) {
            return;
        }
        String options = deployment.policies().options(deployment.mode());
        send(place, agent -> agent.install(deployment.filter(), text, options), (status, failure) -> {
            if (status != null) {
                installed(target, deployment, installing, status, jvmStart);
            } else {
                notInstalled(target, deployment, installing, Objects.requireNonNull(failure));
            }
        });
    }

    private void installed(Target target, Deployment deployment, Assignment installing, FilterStatus status, long jvmStart) {
        boolean ended = status.state().isEnd();
        Assignment after = told(installing, ended ? Phase.ENDED : Phase.INSTALLED, target.name(), status, jvmStart);
        if (!store.change(installing, after, Phase.INSTALLING)) {
            repository.installed(deployment.id(), target.id(), status.digest(), jvmStart);
            store.refresh(target.id());
            return;
        }
        if (ended) {
            recordEnd(target, deployment, after);
            if (installing.replaces() != null) {
                store.revive(installing); // the agent keeps the old version when it rejects the new one
            }
        }
    }

    private void notInstalled(Target target, Deployment deployment, Assignment installing, Throwable cause) {
        if (cause instanceof LoomProblem problem) {
            boolean forGood = problem.code() == ProblemCode.AGENT_REFUSED || problem.code() == ProblemCode.AGENT_FAULT;
            Assignment after = forGood
                    ? installing.with(Phase.ENDED, JvmState.FAILED, problem.detail())
                    : installing.with(Phase.WAITING, JvmState.UNREACHABLE, problem.detail());
            if (store.change(installing, after, Phase.INSTALLING) && forGood) {
                recordEnd(target, deployment, after);
            }
            return;
        }
        log.warn("Installing {} in JVM {} failed", deployment.filter(), target, cause);
        Assignment after = installing.with(Phase.ENDED, JvmState.FAILED, "The console failed: " + cause);
        store.change(installing, after, Phase.INSTALLING);
    }

    /** Takes over what the JVM says of a filter that shall be there. */
    private void follow(Target target, DeploymentRepository.Wish wish, Snapshot now, FilterStatus there) {
        Assignment before = wish.assignment();
        boolean ours = before.agentDigest() == null || before.agentDigest().equals(there.digest());
        if (!ours && isBefore(before, there)) {
            String why = there.cause().isEmpty() ? "" : " (" + there.cause() + ")";
            if (change(before, before.with(Phase.ENDED, JvmState.CANCELLED, "The agent went back to the version before it" + why + "."))) {
                recordEnd(target, wish.deployment(), repository.find(before.deployment(), before.target()).orElseThrow());
                store.revive(before);
            }
            return;
        }
        long jvmStart = now.jvm() == null ? 0 : now.jvm().startMillis();
        Drift drift = Drift.isRemoval(wish, there) ? Drift.REMOVED : Drift.of(wish, there);
        Phase phase = there.state().isEnd() && drift != Drift.REMOVED ? Phase.ENDED : Phase.INSTALLED;
        Assignment after = told(before, phase, target.name(), there, jvmStart);
        if (drift != null) {
            after = after.with(phase, JvmState.of(there.state()), drift.sentence());
        }
        if (change(before, after) && after.phase() == Phase.ENDED) {
            recordEnd(target, wish.deployment(), after);
        } else if (drift != null && !before.cause().equals(drift.sentence())) {
            events.note(
                    "deployment.drift",
                    new Subject(target.id(), wish.deployment().filter(), wish.deployment().id()),
                    wish.deployment().filter() + " in " + target.name() + ": " + drift.sentence(),
                    Map.of("drift", drift, "digest", there.digest(), "mode", there.mode()));
        }
    }

    /** Whether the JVM has the version again that this one took the place of, as after a policy's reversal. */
    private boolean isBefore(Assignment a, FilterStatus there) {
        return a.replaces() != null
                && repository.find(a.replaces(), a.target()).map(Assignment::agentDigest).filter(there.digest()::equals).isPresent();
    }

    /** Goes on with a cancel or a removal. */
    private void takeBack(Target target, DeploymentRepository.Wish wish, @Nullable FilterStatus there) {
        Assignment a = wish.assignment();
        boolean ours = there != null && (a.agentDigest() == null || a.agentDigest().equals(there.digest()));
        if (there == null || there.state().isEnd()) {
            change(a, a.with(Phase.ENDED, JvmState.REMOVED, there == null ? "" : there.cause()));
        } else if (!ours) {
            if (change(a, a.with(Phase.ENDED, JvmState.CANCELLED, "The version before it is back."))) {
                store.revive(a);
            }
        } else if (there.state() == FilterState.REMOVING) {
            change(a, a.with(a.phase(), JvmState.REMOVING, ""));
        } else {
            Place place = new Place(target.id(), wish.deployment().filter());
            boolean cancel = a.phase() == Phase.CANCELLING && !there.state().isInForce();
            send(place, agent -> cancel ? agent.cancel(place.filter()) : agent.remove(place.filter()), (status, failure) -> {
                if (failure == null) {
                    change(a, a.with(a.phase(), JvmState.REMOVING, ""));
                } else {
                    change(a, a.with(a.phase(), a.state(), String.valueOf(failure.getMessage())));
                }
            });
        }
    }

    private void unreachable(Target target, DeploymentRepository.Wish wish, Unreachable failure) {
        Assignment a = wish.assignment();
        if (a.state() == JvmState.UNREACHABLE) {
            return;
        }
        String was = switch (a.phase()) {
            case INSTALLED -> " It was " + a.state() + (a.state() == JvmState.EVACUATING ? ", " + percent(a.progress()) + " %." : ".");
            case REMOVING, CANCELLING -> " It was being removed.";
            default -> "";
        };
        Assignment after = a.with(a.phase() == Phase.INSTALLING ? Phase.WAITING : a.phase(), JvmState.UNREACHABLE, failure.reason() + was);
        if (change(a, after)) {
            events.note(
                    "deployment.unreachable",
                    new Subject(target.id(), wish.deployment().filter(), wish.deployment().id()),
                    wish.deployment().filter() + " in " + target.name() + ": " + after.cause(),
                    Map.of("was", a.state(), "progress", a.progress(), "code", failure.code().code()));
        }
    }

    @Override
    public void onRemoved(long targetId) {
        commands.keySet().removeIf(place -> place.target() == targetId);
        for (DeploymentRepository.Wish wish : store.openOn(targetId)) {
            Assignment a = wish.assignment();
            change(a, a.with(Phase.ENDED, JvmState.UNREACHABLE, "The JVM was taken out of the console."));
        }
    }

    private void recordEnd(Target target, Deployment deployment, Assignment end) {
        events.note(
                "deployment.ended-in-jvm",
                new Subject(target.id(), deployment.filter(), deployment.id()),
                deployment.filter() + " in " + target.name() + " is " + end.state() + (end.cause().isEmpty() ? "." : ": " + end.cause()),
                Map.of("state", end.state(), "diagnostics", end.diagnostics()));
    }

    private static Assignment told(Assignment before, Phase phase, String name, FilterStatus there, long jvmStart) {
        boolean settled = there.state().isInForce();
        return new Assignment(
                before.deployment(),
                before.target(),
                name,
                phase,
                JvmState.of(there.state()),
                Math.round(there.progress() * 1000) / 1000.0,
                there.stragglers().size(),
                there.harmful(),
                there.cause(),
                there.diagnostics(),
                before.agentDigest() == null || phase != Phase.ENDED ? there.digest() : before.agentDigest(),
                jvmStart,
                before.replaces(),
                before.installedAt() != null && Objects.equals(before.jvmStart(), jvmStart)
                        ? before.installedAt()
                        : there.enabledSince() > 0 ? Long.valueOf(there.enabledSince()) : Long.valueOf(System.currentTimeMillis()),
                settled ? Long.valueOf(before.activeAt() != null ? before.activeAt() : System.currentTimeMillis())
                        : there.state() == FilterState.REMOVING || there.state() == FilterState.REMOVED ? before.activeAt() : null);
    }

    private boolean change(Assignment before, Assignment after) {
        return !before.equals(after) && store.change(before, after, before.phase());
    }

    private static long percent(double share) {
        return Math.round(share * 100);
    }
}
