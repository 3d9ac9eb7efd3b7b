package dev.loom.agent.filter;

import dev.loom.agent.code.ClassArrivals;
import dev.loom.agent.code.FilterVersion;
import dev.loom.agent.code.LateWeaving;
import dev.loom.agent.code.WovenCode;
import dev.loom.agent.control.FilterState;
import dev.loom.agent.control.FilterStatus;
import dev.loom.agent.control.InstallOptions;
import dev.loom.agent.evacuation.Evacuation;
import dev.loom.agent.evacuation.UnprotectedFrames;
import dev.loom.agent.filter.FilterTransitions.Event;
import dev.loom.agent.filter.FilterTransitions.Step;
import dev.loom.agent.guard.BrokenWait;
import dev.loom.agent.support.AgentLog;
import dev.loom.agent.transform.Refused;
import dev.loom.agent.transform.Weaving;
import dev.loom.bootstrap.hook.ConstraintLock;
import dev.loom.bootstrap.hook.RegionHook;
import dev.loom.filter.weave.body.CannotWeave;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes filters through their states, step by step, on the manager's thread. What follows from which event is
 * said in {@link FilterTransitions}.
 *
 * <h2>When ACTIVE is said</h2>
 *
 * When, in this order: every class that was being defined when the filter came has been seen; no suspect is left; no frame is on its
 * way; none is inside a region without its lock; and no frame has come to a guard since the last look and could not move. Should a
 * frame fail to move later, from a place that was safe as long as guards work, the filter goes back to EVACUATING and shows it.
 */
final class FilterLifecycle {

    /** A suspect that is older than this is reported as a straggler, ms. */
    private static final long STRAGGLER_MILLIS = 1_000;

    private final Weaving weaving;
    private final WovenCode code;
    private final Ticker ticker;
    private final Filters filters = new Filters();
    private final Announcements announcements;
    private final FilterStates states;
    private final Standstills standstills;
    private final Departures departures;
    private final Replacement replacement;
    private final Installation installation;
    private final ClassReception reception;
    private final FailedMoves failedMoves;

    FilterLifecycle(WovenCode code, Ticker ticker, Announcements announcements) {
        this.weaving = code.weaving();
        this.code = code;
        this.ticker = ticker;
        this.announcements = announcements;
        ClassArrivals arrivals = new ClassArrivals(weaving);
        states = new FilterStates(announcements, ticker);
        standstills = new Standstills(code, filters);
        departures = new Departures(code, arrivals, filters, states, standstills);
        replacement = new Replacement(filters, departures, standstills, states);
        VersionWeaving versions = new VersionWeaving(code, standstills);
        installation = new Installation(code, filters, versions, departures, states, announcements);
        reception = new ClassReception(code, arrivals, filters, versions, states, standstills, ticker, this::fail);
        failedMoves = new FailedMoves(filters);
        weaving.late(new LateWeaving(code, reception));
    }

    List<InstalledFilter> filters() {
        return filters.all();
    }

    FilterStatus install(String wanted, String text, InstallOptions options) {
        Installation.Outcome outcome = installation.install(wanted, text, options);
        ticker.wake();
        if (outcome instanceof Installation.Outcome.InForce inForce) {
            advanceGuarded(inForce.filter());
            return inForce.filter().status();
        }
        return ((Installation.Outcome.Ended) outcome).status();
    }

    // ---- steps -------------------------------------------------------------------------------------------------------------

    /** Takes everything one step further; returns whether there will be more to do. */
    boolean step() {
        boolean busy = false;
        for (InstalledFilter filter : filters.all()) {
            busy |= advanceGuarded(filter);
        }
        departures.advance();
        return busy || !departures.isEmpty();
    }

    /** One filter that cannot be advanced is no reason to leave the others. */
    private boolean advanceGuarded(InstalledFilter filter) {
        try {
            return advance(filter);
        } catch (Refused | CannotWeave e) {
            fail(filter, String.valueOf(e.getMessage()));
        } catch (RuntimeException | LinkageError | StackOverflowError | OutOfMemoryError e) {
            weaving.statistics().fault();
            AgentLog.error("filter '" + filter.name + "' could not be advanced", e);
        }
        return true;
    }

    private boolean advance(InstalledFilter filter) {
        return switch (FilterTransitions.step(filter.state, Event.TICK)) {
            case LOOK -> lookAfter(filter);
            case RECEIVE -> reception.welcome(filter);
            default -> false;
        };
    }

    private boolean lookAfter(InstalledFilter filter) {
        FilterVersion version = filter.version;
        boolean expecting = reception.welcome(filter);
        if (filter.version != version || !filter.isEvacuating()) {
            return true;
        }
        if (filter.waitingFor.isEmpty() && FilterTransitions.step(filter.state, Event.COMPLETE) == Step.EVACUATE) {
            states.enter(filter, FilterState.EVACUATING, "all classes are loaded");
        }
        boolean clear = !expecting && isClear(filter);
        filter.unprotected = UnprotectedFrames.of(version.unprotected(), version::methodsOf, code.stacks());
        announcements.progress(filter, STRAGGLER_MILLIS);
        if (clear && FilterTransitions.step(filter.state, Event.CLEAR) == Step.ACTIVATE) {
            replacement.finish(filter);
            version.relax();
            states.activate(filter);
            return !departures.isEmpty();
        }
        if (!clear && isOutOfPatience(filter)
                && FilterTransitions.step(filter.state, Event.OUT_OF_PATIENCE) == Step.REVERSE) {
            filter.cause = "taken back by policy: stragglers were left after " + version.options.reverseAfter().toSeconds() + " s";
            AgentLog.warn("filter '" + filter.name + "' is " + filter.cause);
            reverse(filter);
        }
        return true;
    }

    /** Looks at a filter's frames; returns whether none of them could break it. */
    private boolean isClear(InstalledFilter filter) {
        FilterVersion version = filter.version;
        Evacuation evacuation = filter.evacuation;
        failedMoves.distrustWhatHasNoRoom();
        FailedMoves.distrustWhatFailed(filter);
        evacuation.look();
        DeadlockedFrames.look(filter, announcements);
        // in this order: a frame that is under way is not yet known as unprotected, nor counted as failed
        return evacuation.isClear() && version.underWay() == 0 && version.unprotected().isEmpty() && failedMoves.noneSince(filter);
    }

    private static boolean isOutOfPatience(InstalledFilter filter) {
        var patience = filter.version.options.reverseAfter();
        return patience != null && System.nanoTime() - filter.evacuatingSinceNanos > patience.toNanos();
    }

    /** Looks after filters that are ACTIVE: what made them so must still hold. */
    void watch() {
        failedMoves.distrustWhatHasNoRoom();
        for (InstalledFilter filter : filters.all()) {
            if (filter.isInForce()) {
                announcements.timeouts(filter);
            }
            if (FilterTransitions.step(filter.state, Event.SECOND) == Step.RECHECK) {
                FailedMoves.distrustWhatFailed(filter);
                DeadlockedFrames.look(filter, announcements);
                filter.evacuation.look();
                states.demoteUnlessClear(filter, "a frame could not be moved");
                if (!filter.version.scopes().isEmpty()) {
                    filter.evacuation.lookAtUnpolled();
                    states.demoteUnlessClear(filter, "a frame goes on in code without polls");
                }
            }
        }
    }

    // ---- ends --------------------------------------------------------------------------------------------------------------

    /** Whether a frame could be inside a region of a lock, in whatever version; asked by the guard's thread. */
    boolean mayHold(ConstraintLock lock, StackTraceElement frame) {
        return filters.mayHold(lock, frame);
    }

    /** The guard had to let a wait of a filter go on without its lock. */
    void broken(BrokenWait broken) {
        for (InstalledFilter filter : filters.all()) {
            boolean isItsHook = hasHook(filter.version, broken) || hasHook(filter.replaced, broken);
            if (!isItsHook || FilterTransitions.step(filter.state, Event.BROKEN) != Step.MARK_HARMFUL) {
                continue;
            }
            filter.harmful = true;
            announcements.broken(filter, broken);
            if (filter.version.options.removeWhenHarmful()) {
                filter.cause = "removed by policy: " + broken.reason();
                startRemoval(filter);
            }
        }
    }

    private static boolean hasHook(@Nullable FilterVersion version, BrokenWait broken) {
        return version != null && version.hooks().containsValue(broken.hook());
    }

    FilterStatus remove(String name) {
        InstalledFilter filter = filters.existing(name);
        startRemoval(filter);
        return filter.status();
    }

    List<FilterStatus> removeAll() {
        List<FilterStatus> result = new ArrayList<>();
        for (InstalledFilter filter : filters.all()) {
            if (!filter.state.isEnd()) {
                startRemoval(filter);
                result.add(filter.status());
            }
        }
        return result;
    }

    private void startRemoval(InstalledFilter filter) {
        if (FilterTransitions.step(filter.state, Event.REMOVE) == Step.LEAVE) {
            departures.beginAll(filter);
            states.enter(filter, FilterState.REMOVING, "");
            departures.advance(filter.departure);
            ticker.wake();
        }
    }

    private void fail(InstalledFilter filter, String cause) {
        if (FilterTransitions.step(filter.state, Event.MISFIT) != Step.FAIL) {
            return;
        }
        filter.cause = cause;
        AgentLog.warn("filter '" + filter.name + "' failed: " + cause);
        if (filter.replaced != null) {
            reverse(filter);
            return;
        }
        departures.beginAll(filter);
        states.enter(filter, FilterState.FAILED, cause);
        ticker.wake();
    }

    FilterStatus cancel(String name) {
        InstalledFilter filter = filters.existing(name);
        if (FilterTransitions.step(filter.state, Event.CANCEL) == Step.REFUSE) {
            throw new IllegalArgumentException("filter '" + name + "' is " + filter.state + ": there is no install to cancel");
        }
        filter.cause = "cancelled";
        reverse(filter);
        return filter.status();
    }

    /** Takes an install back: to the version before it, or to none. */
    private void reverse(InstalledFilter filter) {
        if (filter.replaced == null) {
            startRemoval(filter);
            return;
        }
        replacement.undo(filter);
        advance(filter);
        ticker.wake();
    }

    FilterStatus accept(String name, String why) {
        InstalledFilter filter = filters.existing(name);
        if (why == null || why.isBlank()) {
            throw new IllegalArgumentException("say why the stragglers are accepted");
        }
        if (FilterTransitions.step(filter.state, Event.ACCEPT) == Step.REFUSE) {
            throw new IllegalArgumentException("filter '" + name + "' is " + filter.state + ": it has no stragglers to accept");
        }
        filter.accepted = why.strip();
        states.enter(filter, FilterState.ACCEPTED, why.strip());
        return filter.status();
    }

    void resetCounters(String name) {
        FilterVersion version = filters.existing(name).version;
        if (version != null) {
            version.hooks().values().forEach(RegionHook::resetCounts);
        }
    }

    /** Ends all moves of frames, so that classes can be taken back as they are; returns false if some are still under way. */
    boolean stop() {
        boolean quiet = departures.stop();
        for (FilterVersion version : code.versions()) {
            version.disengage(null);
            quiet &= WovenCode.stopMoves(version);
        }
        return quiet;
    }

    /** Ends what looks after standstills; all hooks pass by now. */
    void close() {
        standstills.close();
    }
}
