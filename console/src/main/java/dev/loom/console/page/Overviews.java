package dev.loom.console.page;

import dev.loom.client.AgentInfo;
import dev.loom.console.audit.EventLog;
import dev.loom.console.audit.EventQuery;
import dev.loom.console.contract.Page;
import dev.loom.console.deployment.DeploymentService;
import dev.loom.console.deployment.DeploymentSummary;
import dev.loom.console.deployment.Drift;
import dev.loom.console.deployment.DriftView;
import dev.loom.console.deployment.Drifts;
import dev.loom.console.deployment.JvmProgress;
import dev.loom.console.deployment.JvmState;
import dev.loom.console.deployment.Troubled;
import dev.loom.console.filter.FilterService;
import dev.loom.console.jmx.Unreachable;
import dev.loom.console.metrics.HistoryService;
import dev.loom.console.notify.NotifierService;
import dev.loom.console.target.Snapshot;
import dev.loom.console.target.Target;
import dev.loom.console.target.TargetMonitor;
import dev.loom.console.target.TargetService;
import dev.loom.console.target.TargetState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Puts the overview together from what the services say. */
@Component
class Overviews {

    private static final int ROWS = 8;
    private static final int EVENTS = 10;
    private static final Set<JvmState> WRONG = EnumSet.of(JvmState.FAILED, JvmState.REJECTED, JvmState.UNKNOWN);
    private static final Set<JvmState> UNFINISHED = EnumSet.of(JvmState.EVACUATING, JvmState.REMOVING);
    /** An evacuation takes milliseconds; only what takes longer than this is worth a look. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** A receiver may be away for a moment. */
    private static final int TRIES = 3;

    /** Most that the overview lists; the number beside it counts all. */
    private static final int MOST_SHOWN = 50;
    private static final int MOST_TROUBLED = 1_000;
    private static final long FRESH_NANOS = 2_000_000_000L;

    /** How many things wanted a look, and when by {@link System#nanoTime()}. */
    private record Counted(int count, long at) {}

    private volatile Counted counted = new Counted(0, System.nanoTime() - 2 * FRESH_NANOS);

    private final TargetMonitor monitor;
    private final TargetService targets;
    private final FilterService filters;
    private final DeploymentService deployments;
    private final EventLog events;
    private final Drifts drifts;
    private final HistoryService history;
    private final Journal journal;
    private final NotifierService notifiers;

    Overviews(TargetMonitor monitor, TargetService targets, FilterService filters, DeploymentService deployments, EventLog events,
            Drifts drifts, HistoryService history, Journal journal, NotifierService notifiers) {
        this.monitor = monitor;
        this.targets = targets;
        this.filters = filters;
        this.deployments = deployments;
        this.events = events;
        this.drifts = drifts;
        this.history = history;
        this.journal = journal;
        this.notifiers = notifiers;
    }

    Overview overview() {
        List<Map.Entry<Target, Snapshot>> jvms = List.copyOf(monitor.snapshots().entrySet());
        List<DeploymentSummary> current = deployments.summaries(null, false, 0, Page.MAX_SIZE).items();
        long filterCount = filters.list("", 0, 1).total();
        List<Attention> wanting = found();
        counted = new Counted(wanting.size(), System.nanoTime());
        return new Overview(
                jvms.stream().filter(e -> e.getValue().isReachable()).count(),
                jvms.stream().filter(e -> isDown(e.getValue())).count(),
                filterCount,
                current.stream().filter(d -> !d.observe() && d.inForce() > 0).count(),
                current.stream().filter(d -> d.observe() && d.inForce() > 0).count(),
                current.stream().mapToInt(DeploymentSummary::evacuating).sum(),
                current.stream().mapToInt(DeploymentSummary::stragglers).sum(),
                firstRun(jvms, current, filterCount),
                wanting.stream().limit(MOST_SHOWN).toList(),
                current.stream().limit(ROWS).map(DeploymentRow::of).toList(),
                jvms.stream()
                        .sorted(Comparator.comparing((Map.Entry<Target, Snapshot> e) -> !isDown(e.getValue())).thenComparing(e -> e.getKey().name()))
                        .limit(ROWS)
                        .map(e -> TargetRow.of(targets.view(e.getKey())))
                        .toList(),
                journal.entries(events.list(EventQuery.ALL.withoutAccess(), 0, EVENTS).items()));
    }

    private Overview.@Nullable FirstRun firstRun(List<Map.Entry<Target, Snapshot>> jvms, List<DeploymentSummary> current, long filterCount) {
        boolean enforces = current.stream().anyMatch(d -> !d.observe());
        if (enforces || deployments.summaries(null, true, 0, 1).total() > 0) {
            return null;
        }
        Overview.Failing worst = null;
        double most = 0;
        for (Map.Entry<Target, Snapshot> jvm : jvms) {
            Double failures = jvm.getValue().isReachable() ? history.failuresPerSecond(jvm.getKey().id()) : null;
            if (failures != null && failures > most) {
                most = failures;
                worst = new Overview.Failing(jvm.getKey().id(), jvm.getKey().name(), often(failures));
            }
        }
        return new Overview.FirstRun(
                jvms.stream().anyMatch(e -> e.getValue().isReachable()), filterCount > 0, current.isEmpty() ? null : Long.valueOf(current.get(0).id()), worst);
    }

    private static String often(double failures) {
        return String.format(Locale.ROOT, failures < 10 ? "%.1f" : "%.0f", failures) + " failures a second";
    }

    /** How much wants a look; not older than a moment, for each page shows it. */
    int attention() {
        Counted known = counted;
        if (System.nanoTime() - known.at() > FRESH_NANOS) {
            known = new Counted(found().size(), System.nanoTime());
            counted = known;
        }
        return known.count();
    }

    private static boolean isDown(Snapshot snapshot) {
        return snapshot.state() == TargetState.UNREACHABLE || snapshot.state() == TargetState.NO_AGENT;
    }

    /** JVMs whose application counts failures while no filter is in force there. */
    private void failing(List<Attention> found) {
        monitor.snapshots().forEach((target, snapshot) -> {
            AgentInfo agent = snapshot.agent();
            Double failures = agent == null || !snapshot.isReachable() ? null : history.failuresPerSecond(target.id());
            if (failures != null && failures > 0 && agent.filters().stream().allMatch(f -> f.isObserve() || !f.state().isInForce())) {
                found.add(new Attention(
                        false, "warning", target.name() + " counts " + often(failures),
                        "No filter is in force there. If it is a race, find it: look into the JVM while it fails.", "/targets/" + target.id() + "/find", null));
            }
        });
    }

    /** What wants a look, the worst first. */
    private List<Attention> found() {
        List<Attention> found = new ArrayList<>();
        for (Troubled troubled : deployments.troubled(MOST_TROUBLED)) {
            Attention attention = attention(troubled);
            if (attention != null) {
                found.add(attention);
            }
        }
        monitor.snapshots().forEach((target, snapshot) -> {
            Unreachable failure = snapshot.failure();
            if (failure != null && isDown(snapshot)) {
                found.add(new Attention(
                        true, "unplugged", target.name()
                                + (snapshot.state() == TargetState.NO_AGENT ? " has no Loom agent" : " cannot be reached"),
                        (failure.reason() + " " + failure.hint()).strip(), "/targets/" + target.id(),
                        target.lastSeen() == null ? null : Instant.ofEpochMilli(target.lastSeen())));
            }
        });
        drifts.all().forEach(drift -> found.add(attention(drift)));
        failing(found);
        notifiers.list().stream().filter(n -> n.enabled() && n.attempts() >= TRIES).forEach(n -> found.add(new Attention(
                false, "bell", "Events cannot be told to " + n.name(), String.valueOf(n.lastError()), "/notifiers", null)));
        found.sort(Comparator.comparing(a -> !a.bad()));
        return found;
    }

    private static Attention attention(DriftView drift) {
        String place = drift.filter() + " in " + drift.targetName();
        return drift.drift() == Drift.UNWANTED
                ? new Attention(
                        false, "straggler", place + " is " + drift.state() + ", and no deployment wants it",
                        "Installed by other means, or left over. Adopt it or remove it.", "/targets/" + drift.target(), null)
                : new Attention(
                        false, "straggler", place + " was changed elsewhere", drift.sentence() + " Have what is wanted applied again, or adopt what is there.",
                        "/targets/" + drift.target(), null);
    }

    private static @Nullable Attention attention(Troubled deployment) {
        JvmProgress jvm = deployment.jvm();
        String place = deployment.filter() + " in " + jvm.targetName();
        String href = "/deployments/" + deployment.deployment() + "?target=" + jvm.targetId();
        if (jvm.harmful()) {
            return new Attention(true, "harmful", place + " is harmful",
                    "Loom had to break a deadlock that it took part in. Make it smaller or disable it.", href,
                    jvm.activeAt());
        }
        if (WRONG.contains(jvm.state())) {
            return new Attention(true, "error", place + " is " + jvm.state(), jvm.cause().isEmpty() ? "See what the agent says."
                    : jvm.cause(), href, deployment.updatedAt());
        }
        boolean late = jvm.installedAt() == null || jvm.installedAt().isBefore(Instant.now().minus(PATIENCE));
        if (jvm.stragglers() > 0 && UNFINISHED.contains(jvm.state()) && late) {
            String threads = jvm.stragglers() == 1 ? "1 thread is" : jvm.stragglers() + " threads are";
            return new Attention(false, "straggler", place + ": " + threads + " still in old code",
                    "See where they wait; they move as they pass an update point. Or accept them, or cancel.", href,
                            jvm.installedAt());
        }
        return null;
    }
}
