package dev.loom.console.live;

import dev.loom.client.AgentInfo;
import dev.loom.client.AgentNotice;
import dev.loom.client.FilterStatus;
import dev.loom.console.audit.EventLog;
import dev.loom.console.audit.Subject;
import dev.loom.console.deployment.DeploymentService;
import dev.loom.console.target.Snapshot;
import dev.loom.console.target.Target;
import dev.loom.console.target.TargetListener;
import java.util.Map;
import java.util.Set;
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

    private static final Set<String> KINDS = Set.of("progress", "deadlock", "timeout", "straggler");

    private final EventLog events;
    private final DeploymentService deployments;
    private final Map<Place, Known> known = new ConcurrentHashMap<>();
    private final Map<String, Long> lastOfType = new ConcurrentHashMap<>();
    private final Map<Long, Budget> budgets = new ConcurrentHashMap<>();

    /** How many events of one JVM are recorded: at first {@link #BURST}, then one in {@link #EACH}. Guarded by itself. */
    private static final class Budget {
        private static final int BURST = 120;
        private static final long EACH = 2_000_000_000L;

        private long left = BURST;
        private long since = System.nanoTime();
        private long dropped;

        /** How many were left out before this one; -1 if this one is, too. */
        synchronized long take() {
            long earned = (System.nanoTime() - since) / EACH;
            since += earned * EACH;
            left = Math.min(BURST, left + earned);
            if (left == 0) {
                dropped++;
                return -1;
            }
            left--;
            long before = dropped;
            dropped = 0;
            return before;
        }
    }

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
        if (status == null || status.filter().isEmpty() || status.filter().length() >= 100) {
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
        note(target, "filter." + (KINDS.contains(kind) ? kind : "other"), status, notice.message());
    }

    private void note(Target target, String type, FilterStatus status, String text) {
        long dropped = budgets.computeIfAbsent(target.id(), id -> new Budget()).take();
        if (dropped < 0) {
            return;
        }
        String more = dropped == 0 ? "" : " (" + dropped + " events of this JVM before it were too many to record)";
        events.note(type, subject(target, status), target.name() + ": " + text + more, data(status));
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
                known.put(new Place(target.id(), status.filter()), new Known(status.state().word(), status.digest(), now.atNanos()));
            } else if (last == null || now.askedNanos() - last.at() > 0) {
                state(target, status, "", now.atNanos());
            }
        }
    }

    private void state(Target target, FilterStatus status, String message, long at) {
        Place place = new Place(target.id(), status.filter());
        Known fresh = new Known(status.state().word(), status.digest(), at);
        Known last = known.put(place, fresh);
        if (last != null && last.state().equals(fresh.state()) && last.digest().equals(fresh.digest())) {
            return;
        }
        String text = message.isBlank() ? status.filter() + " is " + status.state() + "." : message;
        note(target, "filter.state", status, text);
    }

    @Override
    public void onRemoved(long targetId) {
        known.keySet().removeIf(place -> place.target() == targetId);
        budgets.remove(targetId);
        lastOfType.keySet().removeIf(key -> key.startsWith(targetId + " "));
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
                "state", status.state().word(),
                "progress", status.progress(),
                "stragglers", status.stragglers().size(),
                "harmful", status.harmful(),
                "cause", status.cause());
    }
}
