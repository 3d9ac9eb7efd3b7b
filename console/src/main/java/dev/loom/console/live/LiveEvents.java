package dev.loom.console.live;

import dev.loom.console.audit.EventLog;
import dev.loom.console.audit.Subject;
import dev.loom.console.deployment.DeploymentService;
import dev.loom.console.jmx.AgentInfo;
import dev.loom.console.jmx.AgentNotice;
import dev.loom.console.jmx.FilterStatus;
import dev.loom.console.target.Snapshot;
import dev.loom.console.target.Target;
import dev.loom.console.target.TargetListener;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.stereotype.Component;

/**
 * Records what happens to filters in JVMs, each change of state once, although two sources tell of it: notifications, which
 * may get lost, and readings, which may miss short states. A reading that began before the last notification says nothing new.
 */
@Component
class LiveEvents implements TargetListener {

    /** Progress and timeouts of one filter in one JVM are recorded no more often than this, ns. */
    private static final long THROTTLE = 1_000_000_000L;

    private final EventLog events;
    private final DeploymentService deployments;
    private final Map<Place, Known> known = new ConcurrentHashMap<>();
    private final Map<String, Long> lastOfType = new ConcurrentHashMap<>();

    private record Place(long target, String filter) {}

    /** The state that was recorded last, and when by {@link System#nanoTime()}. */
    private record Known(String state, String digest, long at) {}

    LiveEvents(EventLog events, DeploymentService deployments) {
        this.events = events;
        this.deployments = deployments;
    }

    @Override
    public void onNotice(Target target, AgentNotice notice) {
        FilterStatus status = notice.status();
        if (status == null || status.filter().isEmpty()) {
            return;
        }
        String kind = notice.type().substring(notice.type().lastIndexOf('.') + 1);
        if (kind.equals("state")) {
            state(target, status, notice.message(), System.nanoTime());
            return;
        }
        boolean rare = kind.equals("deadlock");
        if (!rare && throttled(target.id() + " " + kind + " " + status.filter())) {
            return;
        }
        events.note("filter." + kind, subject(target, status), target.name() + ": " + notice.message(), data(status));
    }

    @Override
    public void onSnapshot(Target target, Snapshot before, Snapshot now) {
        AgentInfo agent = now.agent();
        if (!now.isReachable() || agent == null) {
            return;
        }
        for (FilterStatus status : agent.filters()) {
            Known last = known.get(new Place(target.id(), status.filter()));
            boolean first = last == null && !before.isReachable();
            if (first) {
                // it was there before the console looked: not news
                known.put(new Place(target.id(), status.filter()), new Known(status.state(), status.digest(), now.atNanos()));
            } else if (last == null || now.askedNanos() - last.at() > 0) {
                state(target, status, "", now.atNanos());
            }
        }
    }

    private void state(Target target, FilterStatus status, String message, long at) {
        Place place = new Place(target.id(), status.filter());
        Known fresh = new Known(status.state(), status.digest(), at);
        Known last = known.put(place, fresh);
        if (last != null && last.state().equals(fresh.state()) && last.digest().equals(fresh.digest())) {
            return;
        }
        String text = message.isBlank() ? status.filter() + " is " + status.state() + "." : message;
        events.note("filter.state", subject(target, status), target.name() + ": " + text, data(status));
    }

    @Override
    public void onRemoved(long targetId) {
        known.keySet().removeIf(place -> place.target() == targetId);
    }

    private boolean throttled(String key) {
        long now = System.nanoTime();
        Long last = lastOfType.get(key);
        if (last != null && now - last < THROTTLE) {
            return true;
        }
        lastOfType.put(key, now);
        return false;
    }

    private Subject subject(Target target, FilterStatus status) {
        return new Subject(target.id(), status.filter(), deployments.openOn(target.id(), status.filter()).orElse(null));
    }

    private static Map<String, Object> data(FilterStatus status) {
        return Map.of(
                "state", status.state(),
                "progress", status.progress(),
                "stragglers", status.stragglers().size(),
                "harmful", status.harmful(),
                "cause", status.cause());
    }
}
