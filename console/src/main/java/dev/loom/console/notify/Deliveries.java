package dev.loom.console.notify;

import dev.loom.console.audit.EventLog;
import dev.loom.console.audit.EventQuery;
import dev.loom.console.audit.LoggedEvent;
import dev.loom.console.audit.Subject;
import dev.loom.console.contract.LoomProblem;
import dev.loom.console.node.Lease;
import jakarta.annotation.PreDestroy;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Tells each notifier of the events, in their order, from the table of events.
 *
 * <p>Where a notifier stands is the number of its last event, in the database, and moves when the receiver has taken the next. So nothing is lost by a
 * restart, and nothing is told twice, but for what a receiver took in the moment in which the console was killed: that comes again, under the same number.
 * What is not taken is tried again, after 1, 2, 4, … s, ten minutes at most, and given up after {@code loom.notify.attempts}. A receiver that does not
 * answer holds up nobody else. Only the console that is at work on the database tells; the others do not even start.
 */
@Component
class Deliveries {

    private static final Logger log = LoggerFactory.getLogger(Deliveries.class);

    /** Most events that are looked at in one go. */
    private static final int LOOKED_AT = 200;
    private static final long LONGEST_PAUSE_MILLIS = 600_000;
    /** How long the end of the console waits for what is under way. */
    private static final Duration PATIENCE = Duration.ofSeconds(11);

    private final NotifierRepository repository;
    private final EventLog events;
    private final Lease lease;
    private final Clock clock;
    private final Map<Notifier.Kind, Channel> channels;
    private final int attempts;
    private final long firstPauseMillis;
    private final Set<Long> busy = ConcurrentHashMap.newKeySet();
    /** Not before, by {@link System#nanoTime()}: in memory, so that a restart tries at once. */
    private final Map<Long, Long> later = new ConcurrentHashMap<>();
    private final ExecutorService pool = Executors.newFixedThreadPool(2, task -> {
        Thread thread = new Thread(task, "loom-notify");
        thread.setDaemon(true);
        return thread;
    });
    private volatile List<Notifier> lastSeen = List.of();
    private volatile boolean ended;

    Deliveries(
            NotifierRepository repository, EventLog events, Lease lease, Clock clock, List<Channel> channels,
            @Value("${loom.notify.attempts:150}") int attempts, @Value("${loom.notify.first-pause:1s}") Duration firstPause) {
        this.repository = repository;
        this.events = events;
        this.lease = lease;
        this.clock = clock;
        this.channels = channels.stream().collect(Collectors.toMap(Channel::kind, Function.identity()));
        this.attempts = attempts;
        this.firstPauseMillis = firstPause.toMillis();
    }

    /** Looks for whom there is something new. */
    @Scheduled(fixedDelay = 500)
    void look() {
        List<Notifier> enabled = repository.enabled();
        lastSeen = enabled;
        later.keySet().retainAll(enabled.stream().map(Notifier::id).collect(Collectors.toSet()));
        long newest = enabled.isEmpty() ? 0 : events.lastId();
        for (Notifier n : enabled) {
            Long notBefore = later.get(n.id());
            if (n.lastEvent() < newest && (notBefore == null || System.nanoTime() - notBefore > 0)) {
                begin(n.id());
            }
        }
    }

    /** Those that are not paused, as they were at the last look. */
    List<Notifier> lastSeen() {
        return lastSeen;
    }

    /** To be called when something was changed: it is tried at once. */
    void forgetPause(long id) {
        later.remove(id);
    }

    private void begin(long id) {
        if (!ended && busy.add(id)) {
            try {
                pool.execute(() -> next(id));
            } catch (RejectedExecutionException stopping) {
                busy.remove(id);
            }
        }
    }

    private void next(long id) {
        try {
            Notifier n = repository.find(id).filter(Notifier::enabled).orElse(null);
            lease.require();
            List<LoggedEvent> found = n == null || ended ? List.of() : events.after(n.lastEvent(), EventQuery.ALL, LOOKED_AT);
            if (n == null || found.isEmpty()) {
                busy.remove(id);
                return;
            }
            Channel channel = channels.get(n.kind());
            List<LoggedEvent> wanted = found.stream().filter(n::wants).limit(channel.most()).toList();
            if (wanted.isEmpty()) {
                repository.skipped(n, found.get(found.size() - 1).id());
                pool.execute(() -> next(id));
                return;
            }
            channel.tell(n, wanted).thenAcceptAsync(outcome -> after(n, wanted, outcome), pool).exceptionally(e -> {
                log.warn("What came of telling {} was not stored: it is told again", n.name(), e);
                busy.remove(id);
                return null;
            });
        } catch (LoomProblem | RejectedExecutionException notOurTurn) {
            busy.remove(id);
        } catch (RuntimeException e) {
            busy.remove(id);
            log.warn("Notifier {} is looked at again", id, e);
        }
    }

    private void after(Notifier n, List<LoggedEvent> told, Outcome outcome) {
        long last = told.get(told.size() - 1).id();
        if (outcome instanceof Outcome.Failed failed) {
            int failures = n.attempts() + 1;
            later.put(n.id(), System.nanoTime() + pauseMillis(failures) * 1_000_000);
            if (failures < attempts) {
                repository.failed(n, failed.reason());
            } else if (repository.passedOver(n, last, told.size(), failed.reason())) {
                events.note(
                        Notifier.OWN + "gave-up", Subject.NONE,
                        "Gave up telling " + n.name() + " of " + (told.size() == 1 ? "event " + last : told.size() + " events up to " + last) + " after " + failures
                                + " tries: " + failed.reason(),
                        Map.of("notifier", n.id(), "event", last, "tries", failures));
            }
            busy.remove(n.id());
            return;
        }
        later.remove(n.id());
        repository.told(n, last, told.size(), clock.millis());
        if (ended) {
            busy.remove(n.id());
        } else {
            next(n.id());
        }
    }

    private long pauseMillis(int failures) {
        return Math.min(LONGEST_PAUSE_MILLIS, firstPauseMillis << Math.min(failures - 1, 20));
    }

    /** Tells one of an event that is made up, and not stored; the reason why it was not taken, or empty. */
    CompletableFuture<String> tryOut(Notifier n) {
        LoggedEvent event = new LoggedEvent(
                0, clock.instant(), Notifier.OWN + "test", dev.loom.console.audit.Actor.current(), null, false, Subject.NONE,
                "This is a test of " + n.name() + ". Nothing has happened.", Map.of());
        return channels.get(n.kind()).tell(n, List.of(event)).thenApply(outcome -> outcome instanceof Outcome.Failed failed ? failed.reason() : "");
    }

    @PreDestroy
    void close() {
        ended = true;
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!busy.isEmpty() && System.nanoTime() - end < 0) {
            java.util.concurrent.locks.LockSupport.parkNanos(20_000_000);
        }
        pool.shutdown(); // without an interrupt, which would close H2's file
    }
}
