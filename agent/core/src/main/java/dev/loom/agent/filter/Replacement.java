package dev.loom.agent.filter;

import dev.loom.agent.code.FilterVersion;
import dev.loom.agent.control.FilterState;
import dev.loom.agent.filter.FilterTransitions.Event;
import dev.loom.agent.filter.FilterTransitions.Step;
import dev.loom.filter.diagnostic.Diagnostic;
import java.util.List;
import java.util.Map;

/**
 * From one version of a filter to the next, and back. New code carries the hooks of both until no frame can break the new one; then the
 * old version's hooks pass, and go. A region that reads the same in both has one hook, so for it nothing happens at all.
 */
final class Replacement {

    private final Filters filters;
    private final Departures departures;
    private final Standstills standstills;
    private final FilterStates states;

    Replacement(Filters filters, Departures departures, Standstills standstills, FilterStates states) {
        this.filters = filters;
        this.departures = departures;
        this.standstills = standstills;
        this.states = states;
    }

    /** @throws IllegalStateException if a filter cannot be replaced now */
    static void refuseUnfinished(InstalledFilter filter) {
        if (filter.state == FilterState.REMOVING) {
            throw new IllegalStateException("filter '" + filter.name + "' is being removed: install it again when it is REMOVED");
        }
        if (filter.replaced != null) {
            throw new IllegalStateException(
                    "filter '" + filter.name + "' is being replaced already: wait until that is ACTIVE, or cancel it");
        }
        if (FilterTransitions.step(filter.state, Event.INSTALL) == Step.REFUSE) {
            throw new IllegalStateException(
                    "the install of filter '" + filter.name + "' is not finished: wait until it is ACTIVE, accept its stragglers, or"
                            + " cancel it");
        }
    }

    static void describe(InstalledFilter filter, FilterVersion version, List<Diagnostic> remarks) {
        filter.version = version;
        filter.text = version.text;
        filter.digest = version.compiled.digest();
        filter.observe = version.options.observe();
        filter.diagnostics = remarks;
    }

    /** Keeps the version in force: the next one is in the code too. */
    static void begin(InstalledFilter filter) {
        filter.replaced = filter.version;
        filter.before = new InstalledFilter.Before(
                filter.state, filter.evacuation, filter.waitingFor, filter.enabledSince, filter.accepted);
    }

    /** Sends the version before on its way, if there is one: the one that took its place is active. */
    void finish(InstalledFilter filter) {
        FilterVersion old = filter.replaced;
        if (old != null) {
            old.disengage(filter.version);
            filter.replaced = null;
            filter.before = null;
            departures.begin(List.of(old), filter.version);
            filters.hooks(filter.name).trim(filter.version.hooks().keySet());
        }
    }

    /** Goes back to the version before. */
    void undo(InstalledFilter filter) {
        FilterVersion old = filter.replaced;
        FilterVersion failed = filter.version;
        failed.disengage(old);
        old.relax();
        filter.replaced = null;
        describe(filter, old, old.compiled.diagnostics());
        departures.begin(List.of(failed), old);
        // its hooks never left the code, so what was true of it is true
        InstalledFilter.Before before = filter.before;
        filter.before = null;
        filter.evacuation = before.evacuation();
        filter.waitingFor = before.waitingFor();
        filter.enabledSince = before.enabledSince();
        filter.accepted = before.accepted();
        filter.failuresSeen = Map.of();
        filter.evacuatingSinceNanos = System.nanoTime();
        standstills.tellUnpolled();
        states.enter(filter, before.state(), filter.cause + "; back to the version before");
    }
}
