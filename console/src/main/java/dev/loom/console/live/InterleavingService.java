package dev.loom.console.live;

import dev.loom.client.Interleaving;
import dev.loom.console.target.InTime;
import dev.loom.console.target.Target;
import dev.loom.console.target.TargetMonitor;
import dev.loom.console.target.TargetService;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.stereotype.Service;

/** Asks JVMs which interleavings a filter prevented last. However many pages look at one filter in a JVM, it is asked one question at a time. */
@Service
public class InterleavingService {

    private static final long LOOK_MILLIS = 5_000;

    private record Place(long target, String filter) {}

    private final TargetService targets;
    private final TargetMonitor monitor;
    /** The question that a JVM has not answered yet. */
    private final Map<Place, CompletableFuture<List<Interleaving>>> asked = new ConcurrentHashMap<>();

    InterleavingService(TargetService targets, TargetMonitor monitor) {
        this.targets = targets;
        this.monitor = monitor;
    }

    /** The last ones that were looked at, the newest first; fails with a {@link dev.loom.console.contract.LoomProblem} if the JVM does not tell. */
    public CompletableFuture<List<Interleaving>> of(long targetId, String filter) {
        Target target = targets.stored(targetId);
        Place place = new Place(targetId, filter);
        CompletableFuture<List<Interleaving>> one = asked.computeIfAbsent(place, p -> monitor.submit(targetId, agent -> agent.interleavings(filter)));
        one.whenComplete((seen, failure) -> asked.remove(place, one));
        return InTime.of(target, LOOK_MILLIS, one);
    }
}
