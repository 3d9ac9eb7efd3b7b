package dev.loom.agent.filter;

import dev.loom.agent.control.FilterState;
import dev.loom.agent.filter.FilterTransitions.Event;
import dev.loom.agent.filter.FilterTransitions.Step;

/** Changes the states of filters, and tells of each change. The manager's thread only. */
final class FilterStates {

    private final Announcements announcements;
    private final Ticker ticker;

    FilterStates(Announcements announcements, Ticker ticker) {
        this.announcements = announcements;
        this.ticker = ticker;
    }

    void enter(InstalledFilter filter, FilterState state, String why) {
        if (filter.state != state) {
            filter.state = state;
            filter.stateNanos = System.nanoTime();
            announcements.state(filter, why);
        }
    }

    /** Enters the state of a filter that does what it says. */
    void activate(InstalledFilter filter) {
        enter(filter, filter.observe ? FilterState.OBSERVING : FilterState.ACTIVE, "no frame is left that could break it");
    }

    /** Takes an active filter back to EVACUATING if there is a frame that could break it. */
    void demoteUnlessClear(InstalledFilter filter, String why) {
        boolean mayGoBack = FilterTransitions.step(filter.state, Event.UNCLEAR) == Step.EVACUATE;
        if (mayGoBack && (!filter.evacuation.isClear() || !filter.version.unprotected().isEmpty())) {
            filter.evacuatingSinceNanos = System.nanoTime();
            filter.reportedProgress = -1;
            enter(filter, FilterState.EVACUATING, why);
            ticker.wake();
        }
    }
}
