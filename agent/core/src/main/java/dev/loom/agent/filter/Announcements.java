package dev.loom.agent.filter;

import dev.loom.agent.control.FilterEvent;
import dev.loom.agent.control.FilterState;
import dev.loom.agent.evacuation.Evacuation;
import dev.loom.agent.evacuation.Suspect;
import dev.loom.agent.guard.BrokenWait;
import dev.loom.agent.support.AgentLog;
import java.util.function.Consumer;

/** Tells the world what becomes of filters. */
final class Announcements {

    private final Consumer<FilterEvent> events;

    Announcements(Consumer<FilterEvent> events) {
        this.events = events;
    }

    void state(InstalledFilter filter, String why) {
        if (filter.state != FilterState.CHECKING) {
            AgentLog.info("filter '" + filter.name + "': " + filter.state + (why.isEmpty() ? "" : " (" + why + ")"));
        }
        tell(FilterEvent.Kind.STATE, filter, filter.state.toString());
    }

    /** Tells of progress and of new stragglers, if there are any. */
    void progress(InstalledFilter filter, long stragglerMillis) {
        Evacuation evacuation = filter.evacuation;
        double progress = evacuation.progress(filter.unprotected.size());
        if (progress != filter.reportedProgress) {
            filter.reportedProgress = progress;
            tell(FilterEvent.Kind.PROGRESS, filter, Math.round(progress * 100) + " % evacuated");
        }
        long now = System.nanoTime();
        for (Suspect suspect : filter.inTheWay(evacuation)) {
            if (now - suspect.sinceNanos() > stragglerMillis * 1_000_000 && filter.reportedStragglers.add(suspect.position())) {
                tell(FilterEvent.Kind.STRAGGLER, filter,
                        "thread '" + suspect.last().name() + "' is still at " + Stragglers.location(suspect));
            }
        }
    }

    void broken(InstalledFilter filter, BrokenWait broken) {
        tell(FilterEvent.Kind.DEADLOCK_BROKEN, filter, broken.reason() + "\n" + String.join("\n", broken.stacks()));
    }

    /** Tells that the application has deadlocked threads of its own, which the filter came upon. */
    void deadlocked(InstalledFilter filter, boolean isOutOfTheWay) {
        String what = "the application has deadlocked threads in code of the filter (not by the filter)"
                + (isOutOfTheWay ? "; they never go on, so they are not in its way" : "; they are in its way until they go on")
                + ":\n    " + String.join("\n    ", filter.deadlocks);
        AgentLog.warn("filter '" + filter.name + "': " + what);
        tell(FilterEvent.Kind.STRAGGLER, filter, what);
    }

    /** Tells of waits that have run out since it last did. */
    void timeouts(InstalledFilter filter) {
        long now = filter.version.hooks().values().stream().mapToLong(hook -> hook.counts().timeouts()).sum();
        long before = filter.reportedTimeouts;
        filter.reportedTimeouts = now;
        // fewer: the counters were reset, or the version is another
        if (now > before) {
            tell(FilterEvent.Kind.WAIT_TIMED_OUT, filter, now - before + " waits for an event ran out, and went on without it");
        }
    }

    private void tell(FilterEvent.Kind kind, InstalledFilter filter, String what) {
        events.accept(new FilterEvent(kind, "filter '" + filter.name + "': " + what, filter.status()));
    }
}
