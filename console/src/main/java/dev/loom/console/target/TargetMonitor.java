package dev.loom.console.target;

import dev.loom.client.FilterStatus;
import dev.loom.console.audit.EventLog;
import dev.loom.console.audit.Subject;
import dev.loom.console.contract.LoomProblem;
import dev.loom.console.contract.ProblemCode;
import dev.loom.console.jmx.AgentConnection;
import dev.loom.console.jmx.Unreachable;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Keeps a connection to each JVM and reads it about once a second.
 *
 * <h2>Threads</h2>
 *
 * A few reader threads serve all JVMs; a JVM is read by one of them at a time. What people ask for (install, accept, …) runs on
 * other threads, a few at a time for each JVM. Threads that are stuck in a JVM are made up for ({@link CompensatedPool}): a JVM that
 * hangs delays neither the reading of others nor a request beyond its deadline. A JVM that does not answer is asked again after 1, 2, 4,
 * … 30 s. Many JVMs are read less often, so many a second as {@code loom.targets.reads-per-second} says, but for those where something
 * is at work; a notification of a JVM has it read at once.
 */
@Component
public class TargetMonitor implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(TargetMonitor.class);

    /** Longest pause between two tries to reach a JVM. */
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private final TargetRepository repository;
    private final PasswordSeal seal;
    private final EventLog events;
    private final ObjectProvider<TargetListener> listenerBeans;
    private final Duration interval;
    private final double readsPerSecond;
    private final ScheduledThreadPoolExecutor clock;
    private final CompensatedPool readers;
    private final CompensatedPool commands;
    private final Map<Long, TargetReader> targets = new ConcurrentHashMap<>();
    private volatile List<TargetListener> listeners = List.of();
    private volatile boolean running;

    TargetMonitor(
            TargetRepository repository,
            PasswordSeal seal,
            EventLog events,
            ObjectProvider<TargetListener> listenerBeans,
            @Value("${loom.targets.interval:1s}") Duration interval,
            @Value("${loom.targets.reads-per-second:100}") double readsPerSecond,
            @Value("${loom.targets.reader-threads:16}") int readerThreads,
            @Value("${loom.targets.command-threads:16}") int commandThreads) {
        this.repository = repository;
        this.seal = seal;
        this.events = events;
        this.listenerBeans = listenerBeans;
        this.interval = interval;
        this.readsPerSecond = Math.max(1, readsPerSecond);
        this.readers = new CompensatedPool(readerThreads, named("loom-reader-"));
        this.commands = new CompensatedPool(commandThreads, named("loom-command-"));
        this.clock = new ScheduledThreadPoolExecutor(1, named("loom-reader-clock-"));
        this.clock.setRemoveOnCancelPolicy(true);
        this.clock.scheduleWithFixedDelay(
                () -> {
                    readers.compensate();
                    commands.compensate();
                },
                200, 200, TimeUnit.MILLISECONDS);
    }

    private static ThreadFactory named(String prefix) {
        AtomicInteger number = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, prefix + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    @Override
    public void start() {
        running = true;
        listeners = listenerBeans.orderedStream().toList();
        repository.all().forEach(this::watch);
    }

    @Override
    public void stop() {
        running = false;
        clock.shutdownNow();
        readers.end();
        commands.end();
        targets.values().forEach(TargetReader::close);
        targets.clear();
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** Begins to read a JVM, or takes its changed address or password into use. */
    void watch(Target target) {
        if (!running) {
            return;
        }
        targets.computeIfAbsent(target.id(), id -> new TargetReader(target, this)).become(target);
    }

    /** Ends the reading of a JVM. */
    void forget(long id) {
        TargetReader reader = targets.remove(id);
        if (reader == null) {
            listeners.forEach(l -> l.onRemoved(id));
            return;
        }
        reader.gone(() -> listeners.forEach(l -> l.onRemoved(id)));
        commands.execute(reader::close);
    }

    /** Reads a JVM now instead of at its next turn. */
    public void wake(long id) {
        TargetReader reader = targets.get(id);
        if (reader != null) {
            reader.wake();
        }
    }

    /** Reads all JVMs now. */
    public void wakeAll() {
        targets.values().forEach(TargetReader::wake);
    }

    /** What a JVM last said. */
    public Snapshot snapshot(long id) {
        TargetReader reader = targets.get(id);
        return reader == null ? Snapshot.NONE : reader.snapshot();
    }

    /** What a JVM last said; where it was not asked yet, what it says within {@code deadline}. */
    public Snapshot firstAnswer(long id, Duration deadline) {
        TargetReader reader = targets.get(id);
        return reader == null ? Snapshot.NONE : reader.firstAnswer(deadline);
    }

    /** All JVMs that are watched here, with what they last said. */
    public Map<Target, Snapshot> snapshots() {
        Map<Target, Snapshot> all = new java.util.LinkedHashMap<>();
        targets.values().stream()
                .sorted(java.util.Comparator.comparingLong(r -> r.target().id()))
                .forEach(r -> all.put(r.target(), r.snapshot()));
        return all;
    }

    /** Something to do with a JVM's agent. */
    @FunctionalInterface
    public interface Command<T> {
        T on(AgentConnection connection) throws Unreachable;
    }

    /**
     * Does something with a JVM's agent and waits for it, no longer than {@code deadline}.
     *
     * @throws LoomProblem if the JVM cannot be reached, or the agent refuses or does not answer in time
     */
    public <T> T call(long id, Duration deadline, Command<T> command) {
        CompletableFuture<T> answer = submit(id, command);
        try {
            return answer.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new LoomProblem(
                    ProblemCode.TARGET_TIMEOUT,
                    name(id) + " has not answered within " + deadline.toSeconds() + " s.",
                    "What was asked goes on; look at the JVM's state in a moment.");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof LoomProblem problem) {
                throw problem;
            }
            throw new IllegalStateException("command for JVM " + id + " failed", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LoomProblem(ProblemCode.UNAVAILABLE, "The console is being stopped.");
        }
    }

    /** As {@link #call}, without waiting. The result may fail with a {@link LoomProblem}. */
    public <T> CompletableFuture<T> submit(long id, Command<T> command) {
        TargetReader reader = targets.get(id);
        if (reader == null) {
            return CompletableFuture.failedFuture(
                    new LoomProblem(ProblemCode.TARGET_NOT_FOUND, "There is no JVM " + id + ".", "It may have been taken off the list. By REST: GET /api/v1/targets lists them."));
        }
        CompletableFuture<T> answer = new CompletableFuture<>();
        if (!reader.begin()) {
            return CompletableFuture.failedFuture(new LoomProblem(
                    ProblemCode.TARGET_TIMEOUT,
                    reader.target().name() + " has not answered what it was asked before.",
                    "Try again when it answers; look at its page."));
        }
        commands.execute(() -> {
            try {
                T result = command.on(reader.connection());
                if (result instanceof FilterStatus status) {
                    reader.told(status);
                }
                answer.complete(result);
            } catch (Unreachable e) {
                answer.completeExceptionally(e.toProblem(reader.target().name()));
            } catch (Throwable e) {
                answer.completeExceptionally(e);
            } finally {
                reader.end();
                reader.wake();
            }
        });
        return answer;
    }

    private String name(long id) {
        TargetReader reader = targets.get(id);
        return reader == null ? "JVM " + id : reader.target().name();
    }

    // What readers need ------------------------------------------------------------------------------------------------------

    /** Has a turn of a reader run after a while. */
    Future<?> after(Duration delay, Runnable turn) {
        return clock.schedule(() -> readers.execute(turn), delay.toMillis(), TimeUnit.MILLISECONDS);
    }

    PasswordSeal seal() {
        return seal;
    }

    TargetRepository repository() {
        return repository;
    }

    Duration interval() {
        return interval;
    }

    /** The pause after a reading: longer where there are many JVMs, but for those where something is at work. */
    Duration pause(boolean atWork) {
        long many = (long) (targets.size() * 1_000 / readsPerSecond);
        return atWork || many <= interval.toMillis() ? interval : Duration.ofMillis((long) (many * (0.9 + Math.random() / 5)));
    }

    Duration pauseAfter(int failures) {
        long millis = Math.min(LONGEST_PAUSE.toMillis(), interval.toMillis() << Math.min(failures - 1, 10));
        return Duration.ofMillis(millis + (long) (Math.random() * millis / 5));
    }

    void tell(Target target, Snapshot before, Snapshot now) {
        for (TargetListener listener : listeners) {
            try {
                listener.onSnapshot(target, before, now);
            } catch (RuntimeException e) {
                log.warn("{} failed on JVM {}", listener.getClass().getSimpleName(), target, e);
            }
        }
    }

    void tellNotice(Target target, dev.loom.client.AgentNotice notice) {
        for (TargetListener listener : listeners) {
            try {
                listener.onNotice(target, notice);
            } catch (RuntimeException e) {
                log.warn("{} failed on a notice of JVM {}", listener.getClass().getSimpleName(), target, e);
            }
        }
    }

    void record(Target target, String type, String message, Map<String, ?> data) {
        events.note(type, Subject.ofTarget(target.id()), message, data);
    }
}
