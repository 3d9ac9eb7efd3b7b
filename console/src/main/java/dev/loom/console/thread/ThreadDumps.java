package dev.loom.console.thread;

import dev.loom.client.ThreadDump;
import dev.loom.console.contract.LoomProblem;
import dev.loom.console.contract.ProblemCode;
import dev.loom.console.target.InTime;
import dev.loom.console.target.Snapshot;
import dev.loom.console.target.Target;
import dev.loom.console.target.TargetListener;
import dev.loom.console.target.TargetMonitor;
import dev.loom.console.target.TargetService;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/**
 * Takes thread dumps of JVMs, over the connection that the console has. No thread of the console and no connection of its database waits for a JVM. A
 * JVM stands still while it writes a dump down, so it is asked for one at a time, and whoever asks a moment later gets the same.
 */
@Service
public class ThreadDumps implements TargetListener {

    /** Of more threads the others are left out. */
    static final int MOST_THREADS = 2_000;
    /** Of all threads together, about; few threads may have deep stacks. */
    static final int MOST_FRAMES = 100_000;

    /** For a dump, ms. */
    private static final long ANSWER_MILLIS = 10_000;
    /** A dump that is younger is given again, ns. */
    private static final long FRESH_NANOS = 1_000_000_000L;

    private final TargetService targets;
    private final TargetMonitor monitor;
    private final KeptDumps kept = new KeptDumps();
    private final AtomicLong numbers = new AtomicLong();
    /** The dump that a JVM has not given yet. */
    private final Map<Long, CompletableFuture<TakenDump>> asked = new ConcurrentHashMap<>();

    ThreadDumps(TargetService targets, TargetMonitor monitor) {
        this.targets = targets;
        this.monitor = monitor;
    }

    /** A dump of a JVM as it is now. Fails with a {@link LoomProblem} if the JVM does not answer in time. */
    public CompletableFuture<TakenDump> take(long id) {
        Target target = targets.stored(id);
        Optional<TakenDump> fresh = kept.newest(id).filter(dump -> System.nanoTime() - dump.atNanos() < FRESH_NANOS);
        if (fresh.isPresent()) {
            return CompletableFuture.completedFuture(fresh.get());
        }
        CompletableFuture<TakenDump> one =
                asked.computeIfAbsent(id, i -> monitor.submit(i, agent -> taken(i, agent.threads(MOST_THREADS, MOST_FRAMES))));
        one.whenComplete((dump, failure) -> asked.remove(id, one));
        return InTime.of(target, ANSWER_MILLIS, one);
    }

    private TakenDump taken(long id, ThreadDump dump) {
        TakenDump taken = new TakenDump(numbers.incrementAndGet(), id, monitor.snapshot(id).jvm(), Instant.now(), System.nanoTime(), dump);
        kept.keep(taken);
        return taken;
    }

    /** The dump of that number if it is still kept, else a new one. */
    public CompletableFuture<TakenDump> keptOrNew(long id, @Nullable Long number) {
        targets.stored(id);
        Optional<TakenDump> known = number == null ? Optional.empty() : kept.find(id, number);
        return known.map(CompletableFuture::completedFuture).orElseGet(() -> take(id));
    }

    /** What of a dump filters are to be proposed for, as text. Fails with a {@link LoomProblem} if it is not kept any more. */
    public String evidence(long id, long number) {
        return Evidence.of(known(id, number));
    }

    /**
     * The same of two threads.
     *
     * @param threads by number; or one whose stack others have
     * @throws LoomProblem also if these are not two
     */
    public String twoOf(long id, long number, List<Long> threads) {
        return Evidence.of(known(id, number), threads);
    }

    private TakenDump known(long id, long number) {
        targets.inScope(id);
        return kept.find(id, number).orElseThrow(() -> new LoomProblem(
                ProblemCode.NOT_FOUND, "That dump is not kept any more.", "Take a new one of the JVM's threads, and choose there."));
    }

    @Override
    public void onSnapshot(Target target, Snapshot before, Snapshot now) {
        // a dump stays what it was, whatever becomes of the JVM
    }

    @Override
    public void onRemoved(long target) {
        kept.forget(target);
    }
}
