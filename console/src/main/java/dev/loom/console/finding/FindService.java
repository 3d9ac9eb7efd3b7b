package dev.loom.console.finding;

import dev.loom.client.FindStatus;
import dev.loom.client.Suggestion;
import dev.loom.console.audit.EventLog;
import dev.loom.console.audit.Subject;
import dev.loom.console.contract.LoomProblem;
import dev.loom.console.contract.ProblemCode;
import dev.loom.console.jmx.AgentConnection;
import dev.loom.console.jmx.Unreachable;
import dev.loom.console.target.InTime;
import dev.loom.console.target.Target;
import dev.loom.console.target.InTime;
import dev.loom.console.target.TargetMonitor;
import dev.loom.console.target.TargetService;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.springframework.stereotype.Service;

/**
 * Has the agents of JVMs look for races. No request thread waits for a JVM, and no connection of the database is held meanwhile; however many
 * pages look at a search, its JVM is asked one question at a time.
 */
@Service
public class FindService {

    /** Until the classes are watched, or are again as they were; an application may have many, ms. */
    private static final long CHANGE_MILLIS = 20_000;
    /** For how it goes, ms. */
    private static final long LOOK_MILLIS = 5_000;

    private final TargetService targets;
    private final TargetMonitor monitor;
    private final EventLog events;
    private final Uploads uploads;
    /** The question that a JVM has not answered yet. */
    private final Map<Long, CompletableFuture<FindStatus>> asked = new ConcurrentHashMap<>();

    FindService(TargetService targets, TargetMonitor monitor, EventLog events, Uploads uploads) {
        this.uploads = uploads;
        this.targets = targets;
        this.monitor = monitor;
        this.events = events;
    }

    /**
     * Begins to look for races in a JVM. The search ends by itself. Fails with a {@link LoomProblem} if the JVM does not answer, if its agent cannot
     * look for races, or if it does so already.
     */
    public CompletableFuture<FindStatus> start(long id, NewSearch wanted) {
        Target target = reachable(id);
        events.audit(
                "target.find.started", Subject.ofTarget(id),
                "Asked " + target.name() + " to look for races in " + wanted.patterns() + " for " + wanted.seconds() + " s.",
                Map.of("classes", wanted.classes(), "seconds", wanted.seconds(), "budgetPercent", wanted.budgetPercent()));
        return InTime.of(target, CHANGE_MILLIS, monitor.submit(id, agent -> {
            FindStatus now = agent.finding();
            if (now.underWay()) {
                throw underWay(target, now);
            }
            return agent.find(wanted.patterns(), wanted.options());
        }));
    }

    /** A JVM that whoever is at work may act on, and that can be asked. */
    private Target reachable(long id) {
        Target target = targets.inScope(id);
        Unreachable failure = monitor.snapshot(id).failure();
        if (failure != null) {
            throw failure.toProblem(target.name());
        }
        return target;
    }

    private static LoomProblem underWay(Target target, FindStatus now) {
        long left = Math.max(0, now.forMillis() - now.elapsedMillis()) / 1_000;
        return new LoomProblem(
                ProblemCode.FIND_UNDER_WAY,
                "Races are being looked for in " + target.name() + " already, in " + now.classes() + ", for " + left + " s more.",
                "Wait for that, or stop it. By REST: DELETE /api/v1/targets/" + target.id() + "/find.");
    }

    /** Ends the search in a JVM, if there is one; answers what was found. */
    public CompletableFuture<FindStatus> stop(long id) {
        Target target = reachable(id);
        events.audit("target.find.stopped", Subject.ofTarget(id), "Asked " + target.name() + " to stop the search for races.", Map.of());
        return InTime.of(target, CHANGE_MILLIS, monitor.submit(id, agent -> agent.finding().underWay() ? agent.stopFinding() : agent.finding()));
    }

    /** How the search in a JVM goes, or what the last one found. */
    public CompletableFuture<FindStatus> status(long id) {
        Target target = targets.stored(id);
        CompletableFuture<FindStatus> one = asked.computeIfAbsent(id, i -> monitor.submit(i, AgentConnection::finding));
        one.whenComplete((status, failure) -> asked.remove(id, one));
        return InTime.of(target, LOOK_MILLIS, one);
    }

    /** Filters that a JVM proposes for stack traces or a report, made of its classes, the best first. Changes nothing. */
    public CompletableFuture<List<Suggestion>> suggest(long id, String traces) {
        Target target = reachable(id);
        return suggest(target, traces);
    }

    /** The same for a file: a text, or a recording of JFR. It is read before this returns, but for what the recording tells. */
    public CompletableFuture<List<Suggestion>> suggest(long id, InputStream file) {
        Target target = reachable(id);
        return uploads.text(file).thenCompose(text -> suggest(target, text));
    }

    private CompletableFuture<List<Suggestion>> suggest(Target target, String traces) {
        if (traces.isBlank()) {
            throw new LoomProblem(
                    ProblemCode.BAD_REQUEST, "There is no stack trace in the text.", "It should have lines like: at com.acme.Bank.transfer(Bank.java:42)");
        }
        return InTime.of(target, CHANGE_MILLIS, monitor.submit(target.id(), agent -> agent.suggest(traces)));
    }

    /** The patterns that fit what a JVM was started with; empty where that says nothing. Never fails. */
    public CompletableFuture<String> proposedClasses(long id) {
        return monitor.submit(id, AgentConnection::command).orTimeout(LOOK_MILLIS, TimeUnit.MILLISECONDS)
                .thenApply(Packages::ofCommand).exceptionally(unknown -> "");
    }
}
