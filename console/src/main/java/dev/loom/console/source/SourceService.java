package dev.loom.console.source;

import dev.loom.client.CodeListing;
import dev.loom.console.contract.LoomProblem;
import dev.loom.console.contract.ProblemCode;
import dev.loom.console.target.InTime;
import dev.loom.console.target.Target;
import dev.loom.console.target.TargetMonitor;
import dev.loom.console.target.TargetService;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.springframework.stereotype.Service;

/**
 * Asks the agents of JVMs for classes. No request thread waits for a JVM, and no connection of the database is held meanwhile; however many
 * pages look at a class, its JVM is asked for it once at a time.
 */
@Service
public class SourceService {

    private static final long MILLIS = 8_000;
    private static final int MAX_NAME = 500;
    private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}_$.@-]*");

    private final TargetService targets;
    private final TargetMonitor monitor;
    /** The questions that a JVM has not answered yet. */
    private final Map<Question, CompletableFuture<CodeListing>> asked = new ConcurrentHashMap<>();

    private record Question(long target, String type, String loader) {}

    SourceService(TargetService targets, TargetMonitor monitor) {
        this.targets = targets;
        this.monitor = monitor;
    }

    /**
     * A class that a JVM has loaded, with those inside it and the hooks that are in force there.
     *
     * @param type {@code com.acme.Bank}
     * @param loader one of the loaders that a listing names; empty for the application's main one, or else any
     */
    public CompletableFuture<CodeListing> listing(long id, String type, String loader) {
        Target target = targets.stored(id);
        Question question = new Question(id, checked(type), checked(loader));
        if (question.type().isEmpty()) {
            throw new LoomProblem(ProblemCode.BAD_OPTION, "No class is named.", "Write its name with its package: com.acme.Bank.");
        }
        CompletableFuture<CodeListing> one = asked.computeIfAbsent(
                question, q -> monitor.submit(q.target(), agent -> agent.listing(q.type(), q.loader())));
        one.whenComplete((listing, failure) -> asked.remove(question, one));
        return InTime.of(target, MILLIS, one);
    }

    /** Names of classes of a JVM that begin as typed; none where it does not say. Never fails. */
    public CompletableFuture<List<String>> names(long id, String typed) {
        Target target = targets.stored(id);
        String begun = typed.strip();
        return begun.isEmpty() || begun.length() > MAX_NAME || begun.contains("#")
                ? CompletableFuture.completedFuture(List.of())
                : InTime.of(target, MILLIS, monitor.submit(id, agent -> agent.complete(begun))).exceptionally(failure -> List.of());
    }

    private static String checked(String name) {
        String stripped = name.strip();
        if (stripped.length() > MAX_NAME || !NAME.matcher(stripped).matches()) {
            String shown = stripped.length() > 100 ? stripped.substring(0, 100) + "…" : stripped;
            throw new LoomProblem(ProblemCode.BAD_OPTION, "'" + shown + "' is not the name of a class.", "Write its name with its package: com.acme.Bank.");
        }
        return stripped;
    }
}
