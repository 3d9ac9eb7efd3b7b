package dev.loom.console.rollout;

import dev.loom.client.AgentInfo;
import dev.loom.client.FilterStatus;
import dev.loom.console.deployment.DeploymentView;
import dev.loom.console.deployment.JvmProgress;
import dev.loom.console.jmx.AppBean;
import dev.loom.console.jmx.AppReading;
import dev.loom.console.target.Snapshot;
import dev.loom.console.target.TargetMonitor;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Whether a guard fires: on what the JVMs said last, and on what they said before where a guard is about time. That is in memory: after a restart
 * of the console a guard has to see it happen again.
 */
@Component
class GuardWatch {

    private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);
    private static final long ASK_EVERY = TimeUnit.SECONDS.toNanos(5);

    private record Place(long deployment, long target, Guard guard) {}

    /** A counter of the application at some moments of the last minute. */
    private static final class Counted {
        final Deque<AppReading> readings = new ArrayDeque<>();
        @Nullable CompletableFuture<?> asked;
        long askedAt = System.nanoTime() - 2 * ASK_EVERY;
    }

    private final TargetMonitor monitor;
    /** Since when it has been so, by {@link System#nanoTime()}. */
    private final Map<Place, Long> since = new ConcurrentHashMap<>();
    private final Map<Place, Counted> counters = new ConcurrentHashMap<>();

    GuardWatch(TargetMonitor monitor) {
        this.monitor = monitor;
    }

    /** Why a guard fires, with the JVM; null if none does. A JVM that refuses the filter is a reason without a guard. */
    @Nullable String fired(DeploymentView deployment, Strategy strategy) {
        for (JvmProgress jvm : deployment.jvms()) {
            if (jvm.state().isRefused()) {
                return jvm.targetName() + " is " + jvm.state() + (jvm.cause().isEmpty() ? "" : ": " + jvm.cause());
            }
        }
        return fired(deployment, strategy.guards());
    }

    /** Why one of these fires, with the JVM; null if none does. */
    @Nullable String fired(DeploymentView deployment, List<? extends Guard> guards) {
        for (JvmProgress jvm : deployment.jvms()) {
            Snapshot snapshot = monitor.snapshot(jvm.targetId());
            AgentInfo agent = snapshot.agent();
            FilterStatus filter = agent == null || !snapshot.isReachable() ? null : agent.filter(deployment.filter());
            if (filter == null || filter.state().isEnd()) {
                continue;
            }
            for (Guard guard : guards) {
                String reason = fires(new Place(deployment.id(), jvm.targetId(), guard), filter);
                if (reason != null) {
                    return "in " + jvm.targetName() + " " + reason;
                }
            }
        }
        return null;
    }

    private @Nullable String fires(Place place, FilterStatus filter) {
        if (place.guard() instanceof Guard.Counter counter) {
            return counts(place, counter);
        }
        String wrong = place.guard().fires(filter);
        if (wrong == null) {
            since.remove(place);
            return null;
        }
        long now = System.nanoTime();
        long nanos = now - since.computeIfAbsent(place, p -> now);
        if (nanos < place.guard().time().toNanos()) {
            return null;
        }
        return place.guard().time().isZero() ? wrong : wrong + ", for " + TimeUnit.NANOSECONDS.toSeconds(nanos) + " s";
    }

    private @Nullable String counts(Place place, Guard.Counter guard) {
        Counted counted = counters.computeIfAbsent(place, p -> new Counted());
        synchronized (counted) {
            boolean idle = counted.asked == null || counted.asked.isDone();
            if (idle && System.nanoTime() - counted.askedAt > ASK_EVERY) {
                counted.askedAt = System.nanoTime();
                AppBean bean = new AppBean(guard.mbean(), guard.attribute(), guard.attribute());
                counted.asked = monitor.submit(place.target(), agent -> agent.application(bean)).thenAccept(reading -> add(counted, reading));
            }
            AppReading first = counted.readings.peekFirst();
            AppReading last = counted.readings.peekLast();
            long grown = first == null || last == null ? 0 : last.failures() - first.failures();
            return grown > guard.perMinute()
                    ? guard.attribute() + " of " + guard.mbean() + " grew by " + grown + " within a minute, by more than " + guard.perMinute() : null;
        }
    }

    private static void add(Counted counted, @Nullable AppReading reading) {
        if (reading == null) {
            return;
        }
        synchronized (counted) {
            counted.readings.addLast(reading);
            while (reading.atNanos() - counted.readings.peekFirst().atNanos() > MINUTE) {
                counted.readings.removeFirst();
            }
        }
    }

    /** What was seen in a roll-out that no guard watches any more. */
    void forget(long deployment) {
        since.keySet().removeIf(place -> place.deployment() == deployment);
        counters.keySet().removeIf(place -> place.deployment() == deployment);
    }
}
