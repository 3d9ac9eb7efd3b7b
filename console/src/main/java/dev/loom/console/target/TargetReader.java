package dev.loom.console.target;

import dev.loom.client.AgentInfo;
import dev.loom.client.Credentials;
import dev.loom.client.FilterState;
import dev.loom.client.FilterStatus;
import dev.loom.client.JvmAddress;
import dev.loom.client.JvmInfo;
import dev.loom.console.contract.LoomProblem;
import dev.loom.console.contract.ProblemCode;
import dev.loom.console.jmx.Addresses;
import dev.loom.console.jmx.AgentConnection;
import dev.loom.console.jmx.AppBean;
import dev.loom.console.jmx.AppReading;
import dev.loom.console.jmx.Unreachable;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads one JVM again and again.
 *
 * <p>At most one reading is scheduled or at work at a time ({@code reading}); a wake during a reading makes the next one follow
 * at once. All fields but the volatile ones are touched by the reading thread only, or under this object's lock.
 */
final class TargetReader {

    private static final Logger log = LoggerFactory.getLogger(TargetReader.class);

    /** Every so many readings without an application MBean it is looked for again. */
    private static final int LOOK_FOR_APP_EVERY = 10;
    /** How often the time of the last answer is stored, ns. */
    private static final long STORE_SEEN_NANOS = 60_000_000_000L;

    /** Most commands for one JVM at a time. */
    private static final int MAX_COMMANDS = 16;
    /** A JVM that notifies without end is read no more often than this. */
    private static final Duration LEAST_PAUSE = Duration.ofMillis(20);

    /** Most filters of a JVM that are kept in mind between readings. */
    private static final int MAX_FILTERS = 200;

    private final TargetMonitor monitor;
    private volatile Target target;
    private volatile Snapshot snapshot = Snapshot.NONE;
    private volatile @Nullable AgentConnection connection;
    /** Commands that are on their way or wait for their turn. */
    private final AtomicInteger commands = new AtomicInteger();

    private final CountDownLatch asked = new CountDownLatch(1);

    // under this object's lock
    private @Nullable Future<?> next;
    private boolean reading;
    private boolean again;
    private boolean closed;
    /** Held while listeners are told, so that they hear of the end last. */
    private final Object telling = new Object();
    private boolean gone;
    private long readAt = System.nanoTime() - LEAST_PAUSE.toNanos();
    private final Map<String, Told> told = new HashMap<>();

    // of the reading thread
    private int failures;
    private int readingsWithoutApp;
    private long seenStored = System.nanoTime() - STORE_SEEN_NANOS;

    /** What the agent said of a filter outside of a reading. */
    private record Told(FilterStatus status, long at) {}

    TargetReader(Target target, TargetMonitor monitor) {
        this.target = target;
        this.monitor = monitor;
    }

    Target target() {
        return target;
    }

    Snapshot snapshot() {
        return snapshot;
    }

    Snapshot firstAnswer(Duration deadline) {
        try {
            asked.await(deadline.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return snapshot;
    }

    /** The open connection. */
    AgentConnection connection() throws Unreachable {
        AgentConnection open = connection;
        if (open != null && snapshot.isReachable()) {
            return open;
        }
        Unreachable failure = snapshot.failure();
        throw failure != null
                ? failure
                : new Unreachable(ProblemCode.TARGET_UNREACHABLE, "The console is still connecting to it.", "Try again in a moment.");
    }

    /**
     * Takes over what the agent said of a filter between two readings, so that whoever did something to it sees that. A reading
     * that began before does not undo it.
     */
    synchronized void told(FilterStatus status) {
        AgentInfo agent = snapshot.agent();
        if (agent == null || status.filter().isEmpty() || status.filter().length() >= 100 || status.state() == FilterState.NONE
                || (agent.filter(status.filter()) == null && agent.filters().size() >= MAX_FILTERS)) {
            return;
        }
        FilterStatus known = agent.filter(status.filter());
        if (status.state() == FilterState.REJECTED && known != null && !known.state().isEnd()) {
            return; // a replacement was rejected: what was there still is
        }
        told.put(status.filter(), new Told(status, System.nanoTime()));
        Snapshot last = snapshot;
        snapshot = new Snapshot(
                last.state(), last.failure(), last.jvm(), agent.with(status), last.app(), last.askedNanos(), last.atNanos(), last.atMillis());
    }

    /** Takes a stored change into use, and reads. */
    void become(Target changed) {
        Target before = target;
        target = changed;
        if (!before.jmxUrl().equals(changed.jmxUrl())
                || !Objects.equals(before.username(), changed.username())
                || !Objects.equals(before.passwordSealed(), changed.passwordSealed())
                || !Objects.equals(before.fingerprint(), changed.fingerprint())) {
            disconnect();
        }
        wake();
    }

    synchronized void wake() {
        if (reading) {
            again = true;
        } else {
            long rested = System.nanoTime() - readAt;
            schedule(rested > LEAST_PAUSE.toNanos() ? Duration.ZERO : LEAST_PAUSE);
        }
    }

    private synchronized void schedule(Duration delay) {
        if (closed) {
            return;
        }
        if (next != null) {
            next.cancel(false);
        }
        try {
            next = monitor.after(delay, this::turn);
        } catch (RejectedExecutionException e) {
            closed = true; // the console stops
        }
    }

    synchronized void close() {
        closed = true;
        if (next != null) {
            next.cancel(false);
        }
        disconnect();
    }

    private void disconnect() {
        AgentConnection open = connection;
        connection = null;
        if (open != null) {
            open.close();
        }
    }

    private void turn() {
        synchronized (this) {
            if (closed || reading) {
                return;
            }
            reading = true;
            again = false;
        }
        Duration pause = monitor.interval();
        try {
            pause = read();
        } catch (RuntimeException e) {
            log.warn("Reading JVM {} failed", target, e);
        } finally {
            synchronized (this) {
                reading = false;
                readAt = System.nanoTime();
                schedule(again ? LEAST_PAUSE : pause);
            }
        }
    }

    private Duration read() {
        long began = System.nanoTime();
        try {
            AgentConnection open = connection;
            boolean fresh = open == null;
            if (open == null) {
                open = connect();
                connection = open;
            }
            AgentInfo agent = open.agent();
            if (agent == null) {
                failures = 0;
                publish(new Snapshot(TargetState.NO_AGENT, AgentConnection.noAgent(), open.jvm(), null, app(open), began, System.nanoTime(), now()));
                return monitor.interval().multipliedBy(3);
            }
            if (fresh || !snapshot.isReachable()) {
                met(open.jvm(), agent);
                open.listen(notice -> {
                    FilterStatus status = notice.status();
                    if (status != null) {
                        told(status);
                    }
                    monitor.tellNotice(target, notice);
                    wake();
                });
            }
            failures = 0;
            publish(new Snapshot(TargetState.REACHABLE, null, open.jvm(), agent, app(open), began, System.nanoTime(), now()));
            return monitor.pause(isAtWork(agent));
        } catch (Unreachable e) {
            return lost(e, began);
        } catch (LoomProblem e) {
            return lost(new Unreachable(e.code(), e.detail(), e.hint()), began); // the agent answers with a failure
        } catch (RuntimeException e) {
            log.warn("Reading JVM {} failed", target, e);
            return lost(new Unreachable(
                    ProblemCode.INTERNAL, "The console failed over what its agent said: " + e, "Tell us, with the console's log."), began);
        }
    }

    /** Without an answer nothing is known of the JVM: what it said before is kept, and not shown as what is so now. */
    private Duration lost(Unreachable why, long began) {
        disconnect();
        failures++;
        Snapshot last = snapshot;
        publish(new Snapshot(TargetState.UNREACHABLE, why, last.jvm(), last.agent(), null, began, System.nanoTime(), now()));
        return why.code() == ProblemCode.WRONG_PASSWORD ? monitor.pauseAfter(6) : monitor.pauseAfter(failures);
    }

    private static boolean isAtWork(AgentInfo agent) {
        return agent.filters().stream().anyMatch(f -> !f.state().isInForce() && !f.state().isEnd());
    }

    /** Whether one more command may be sent; then {@link #end} follows. */
    boolean begin() {
        if (commands.incrementAndGet() > MAX_COMMANDS) {
            commands.decrementAndGet();
            return false;
        }
        return true;
    }

    void end() {
        commands.decrementAndGet();
    }

    private AgentConnection connect() throws Unreachable {
        Target to = target;
        if (to.jmxUrl().isEmpty()) {
            throw new Unreachable(
                    ProblemCode.TARGET_UNREACHABLE,
                    "Its agent registered without a JMX connector.",
                    "Start the JVM with jmx.port in the agent's options.");
        }
        try {
            JvmAddress address = to.source() == Target.Source.LOCAL ? JvmAddress.local(to.jmxUrl()) : Addresses.parse(to.jmxUrl());
            String sealed = to.passwordSealed();
            Credentials credentials =
                    to.username() == null || sealed == null ? null : new Credentials(to.username(), monitor.seal().open(sealed));
            return AgentConnection.open(address, credentials, to.fingerprint());
        } catch (LoomProblem e) {
            throw new Unreachable(e.code(), e.detail(), e.hint());
        }
    }

    private @Nullable AppReading app(AgentConnection open) throws Unreachable {
        AppBean bean = target.appBean();
        if (bean != null) {
            return open.application(bean);
        }
        if (snapshot.app() == null && readingsWithoutApp++ % LOOK_FOR_APP_EVERY != 0) {
            return null;
        }
        AppReading reading = open.application(AppBean.USUAL);
        if (reading != null) {
            readingsWithoutApp = 0;
        }
        return reading;
    }

    /** After each connect: keeps what the JVM says of itself, and notices another JVM at the old address. */
    private void met(JvmInfo jvm, AgentInfo agent) {
        Target known = target;
        boolean restarted = known.jvmStart() != null && jvm.startMillis() != 0 && known.jvmStart() != jvm.startMillis();
        String name = known.name();
        if (known.source() == Target.Source.JMX && name.equals(TargetService.defaultName(known.jmxUrl())) && !agent.name().isBlank()) {
            name = TargetService.shortened(agent.name());
        }
        Map<String, String> labels = new LinkedHashMap<>(agent.labels());
        labels.putAll(known.labels());
        Target now = new Target(
                known.id(), name, labels, known.source(), known.jmxUrl(), known.username(), known.passwordSealed(),
                known.fingerprint(), known.host(),
                jvm.pid() == 0 ? known.pid() : Long.valueOf(jvm.pid()),
                jvm.startMillis() == 0 ? known.jvmStart() : Long.valueOf(jvm.startMillis()),
                agent.version(), known.appBean(), known.createdAt(), known.createdBy(), Long.valueOf(now()), known.lastHeartbeat());
        target = now;
        monitor.repository().update(now);
        if (restarted) {
            monitor.record(now, "target.restarted", name + " was restarted (process " + jvm.pid() + ").", Map.of("pid", jvm.pid()));
        }
    }

    private void publish(Snapshot read) {
        Snapshot before;
        Snapshot now;
        synchronized (this) {
            before = snapshot;
            now = withTold(read);
            snapshot = now;
        }
        asked.countDown();
        Unreachable failure = now.failure();
        boolean seen = now.state() == TargetState.REACHABLE || now.state() == TargetState.NO_AGENT;
        boolean sameReason = Objects.equals(reason(before.failure()), reason(failure));
        if (before.state() != now.state() || !sameReason) {
            store(now, failure, seen);
        } else if (seen && now.atNanos() - seenStored > STORE_SEEN_NANOS) {
            store(now, failure, true);
        }
        if (before.state() != now.state()) {
            record(now, failure);
        }
        synchronized (telling) {
            if (!gone) {
                monitor.tell(target, before, now);
            }
        }
    }

    /** Tells that the JVM was taken out: nobody hears of it after that, also not from a reading that is under way. */
    void gone(Runnable telling) {
        synchronized (this.telling) {
            gone = true;
            telling.run();
        }
    }

    private Snapshot withTold(Snapshot read) {
        told.values().removeIf(t -> t.at() - read.askedNanos() < 0);
        AgentInfo agent = read.agent();
        if (agent == null || told.isEmpty()) {
            return read;
        }
        for (Told t : told.values()) {
            agent = agent.with(t.status());
        }
        return new Snapshot(read.state(), read.failure(), read.jvm(), agent, read.app(), read.askedNanos(), read.atNanos(), read.atMillis());
    }

    private void store(Snapshot now, @Nullable Unreachable failure, boolean seen) {
        seenStored = now.atNanos();
        monitor.repository()
                .state(
                        target.id(),
                        now.state(),
                        failure == null ? null : failure.code().code(),
                        failure == null ? null : failure.reason(),
                        seen ? Long.valueOf(now.atMillis()) : null);
    }

    private void record(Snapshot now, @Nullable Unreachable failure) {
        String name = target.name();
        switch (now.state()) {
            case REACHABLE -> monitor.record(target, "target.reachable", name + " answers.", Map.of("state", "REACHABLE"));
            case NO_AGENT, UNREACHABLE -> monitor.record(
                    target,
                    now.state() == TargetState.NO_AGENT ? "target.no-agent" : "target.unreachable",
                    name + ": " + reason(failure),
                    Map.of("state", now.state().name(), "code", failure == null ? "" : failure.code().code()));
            case CONNECTING -> {}
        }
    }

    private static String reason(@Nullable Unreachable failure) {
        return failure == null ? "" : failure.reason();
    }

    private static long now() {
        return System.currentTimeMillis();
    }
}
