package dev.loom.console.deployment;

import dev.loom.client.FilterStatus;
import dev.loom.client.Remark;
import dev.loom.console.contract.LoomProblem;
import dev.loom.console.contract.ProblemCode;
import dev.loom.console.filter.CheckResult;
import dev.loom.console.filter.FilterService;
import dev.loom.console.filter.FilterView;
import dev.loom.console.scope.Selector;
import dev.loom.console.target.Snapshot;
import dev.loom.console.target.Target;
import dev.loom.console.target.TargetMonitor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/**
 * Tells what a deployment would do in each JVM: asks the agents what they say of the text and what they would weave, and installs nothing. No
 * thread waits for the agents, and no connection of the database is held meanwhile.
 */
@Service
public class DryRuns {

    /** Most JVMs that are asked; of the others only what is stored is told. */
    static final int MOST_ASKED = 50;

    private static final long DEADLINE_MILLIS = 15_000;
    private static final String PIN_MISMATCH = "LOOM-050";
    private static final String UNPINNED = "LOOM-051";
    private static final Pattern PIN = Pattern.compile("(?m)^\\s*pin\\s");

    private final DeploymentRepository repository;
    private final DeploymentTargets deploymentTargets;
    private final FilterService filters;
    private final TargetMonitor monitor;

    DryRuns(DeploymentRepository repository, DeploymentTargets deploymentTargets, FilterService filters, TargetMonitor monitor) {
        this.repository = repository;
        this.deploymentTargets = deploymentTargets;
        this.filters = filters;
        this.monitor = monitor;
    }

    /** What an agent said. */
    private record Said(@Nullable FilterStatus check, @Nullable Explained explained, String failure) {}

    /** The text that is tried, and the version that it is or would be. */
    private record Tried(String name, int version, String text) {}

    private Tried tried(NewDeployment wanted, @Nullable String text) {
        if (text == null) {
            FilterView filter = wanted.version() == null ? filters.get(wanted.filter()) : filters.version(wanted.filter(), wanted.version());
            return new Tried(filter.name(), filter.version(), filter.text());
        }
        CheckResult check = filters.check(wanted.filter(), text, null);
        if (!check.accepted()) {
            throw new LoomProblem(ProblemCode.FILTER_REJECTED, "The filter has errors.", "Each is listed with its line.", check.diagnostics());
        }
        if (filters.existing(Set.of(wanted.filter())).isEmpty()) {
            return new Tried(wanted.filter(), 1, text);
        }
        FilterView current = filters.get(wanted.filter());
        return new Tried(current.name(), current.text().equals(text) ? current.version() : current.version() + 1, text);
    }

    /**
     * What would become of it. Wrong wishes are refused at once, as they would be.
     *
     * @param text one that is not stored; null for that of the filter
     */
    public CompletableFuture<DryRun> run(NewDeployment wanted, @Nullable String text) {
        Mode mode = Mode.parse(wanted.mode());
        Policies policies = Policies.parse(wanted.onStraggler(), wanted.onHarmful(), wanted.onDeadlocked());
        Selector selector = deploymentTargets.selectorOf(wanted);
        Tried filter = tried(wanted, text);
        List<Target> chosen = (selector != null ? deploymentTargets.selected(selector) : deploymentTargets.named(Objects.requireNonNull(wanted.targets())))
                .stream().sorted(Comparator.comparing(Target::name).thenComparing(Target::id)).toList();
        deploymentTargets.requireInScope(chosen.stream().map(Target::id).toList(), selector);
        Map<Long, Assignment> open = repository.openOf(filter.name()).stream()
                .collect(Collectors.toMap(Assignment::target, a -> a, (older, newer) -> newer));
        Map<Long, Deployment> theirs = repository.find(open.values().stream().map(Assignment::deployment).collect(Collectors.toSet())).stream()
                .collect(Collectors.toMap(Deployment::id, d -> d));
        List<CompletableFuture<DryRun.InJvm>> answers = new ArrayList<>();
        boolean pinned = PIN.matcher(filter.text()).find();
        int asked = 0;
        for (Target target : chosen) {
            Assignment there = open.get(target.id());
            DryRun.Now now = there == null ? null : now(there, theirs.get(there.deployment()));
            boolean same = now != null && now.version() == filter.version() && now.mode().equals(mode.text())
                    && theirs.get(now.deployment()).policies().equals(policies);
            boolean ask = asked < MOST_ASKED && monitor.snapshot(target.id()).isReachable();
            asked += ask ? 1 : 0;
            DryRun.Outcome stored = same ? DryRun.Outcome.NOTHING
                    : there == null ? DryRun.Outcome.INSTALL : there.isReplaceable() ? DryRun.Outcome.REPLACE : DryRun.Outcome.BUSY;
            answers.add(ask
                    ? ask(target, filter.text()).thenApply(said -> told(target, stored, now, said, pinned))
                    : CompletableFuture.completedFuture(untold(target, stored, now)));
        }
        int count = asked;
        return CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new)).thenApply(all -> {
            List<DryRun.InJvm> jvms = answers.stream().map(CompletableFuture::join).toList();
            return new DryRun(filter.name(), filter.version(), mode.text(), selector == null ? null : selector.text(), chosen.size(), count, jvms);
        });
    }

    private static DryRun.Now now(Assignment there, Deployment theirs) {
        return new DryRun.Now(theirs.id(), theirs.version(), theirs.mode().text(), there.state());
    }

    /** Both questions at once; never fails. */
    private CompletableFuture<Said> ask(Target target, String text) {
        CompletableFuture<FilterStatus> check = monitor.submit(target.id(), agent -> agent.check(text)).orTimeout(DEADLINE_MILLIS, TimeUnit.MILLISECONDS);
        CompletableFuture<@Nullable Explained> explained = monitor.submit(target.id(), agent -> Explained.of(agent.explain(text)))
                .orTimeout(DEADLINE_MILLIS, TimeUnit.MILLISECONDS)
                .exceptionally(old -> null); // the check says what is wrong with the text
        return check.thenCombine(explained, (status, summary) -> new Said(status, status.isRejected() ? null : summary, ""))
                .exceptionally(failure -> new Said(null, null, reason(failure)));
    }

    private static String reason(Throwable failure) {
        Throwable cause = failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof LoomProblem problem
                ? problem.detail()
                : cause instanceof java.util.concurrent.TimeoutException ? "It has not answered within " + DEADLINE_MILLIS / 1_000 + " s." : "The console failed: " + cause;
    }

    private static DryRun.InJvm told(Target target, DryRun.Outcome stored, DryRun.@Nullable Now now, Said said, boolean pinned) {
        FilterStatus check = said.check();
        if (check == null) {
            return new DryRun.InJvm(target.id(), target.name(), DryRun.Outcome.UNREACHABLE, now, true, null, List.of(), List.of(), null, said.failure());
        }
        List<Remark> remarks = check.diagnostics();
        DryRun.Pins pins = !pinned ? DryRun.Pins.NONE
                : has(remarks, PIN_MISMATCH) ? DryRun.Pins.MISMATCH : has(remarks, UNPINNED) ? DryRun.Pins.PARTLY : DryRun.Pins.MATCH;
        return new DryRun.InJvm(
                target.id(), target.name(), check.isRejected() ? DryRun.Outcome.REJECTED : stored, now, true, pins, remarks, check.waitingFor(), said.explained(), "");
    }

    private static boolean has(List<Remark> remarks, String code) {
        return remarks.stream().anyMatch(r -> r.code().equals(code));
    }

    private DryRun.InJvm untold(Target target, DryRun.Outcome stored, DryRun.@Nullable Now now) {
        Snapshot snapshot = monitor.snapshot(target.id());
        boolean silent = !snapshot.isReachable();
        String reason = snapshot.failure() != null ? snapshot.failure().reason() : silent ? "The console is still connecting to it." : "";
        return new DryRun.InJvm(
                target.id(), target.name(), silent ? DryRun.Outcome.UNREACHABLE : stored, now, false, null, List.of(), List.of(), null, reason);
    }
}
