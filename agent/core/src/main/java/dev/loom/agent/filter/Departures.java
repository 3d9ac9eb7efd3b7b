package dev.loom.agent.filter;

import dev.loom.agent.code.ClassArrivals;
import dev.loom.agent.code.Departure;
import dev.loom.agent.code.FilterVersion;
import dev.loom.agent.code.WovenCode;
import dev.loom.agent.control.FilterState;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The versions that are on their way out of the code, and the filters whose removal that is. The manager's thread only. */
final class Departures {

    /** After this a removal is done even if frames that never return are left in code without locks, ms. */
    private static final long DEPARTURE_MILLIS = 3_000;

    private final WovenCode code;
    private final ClassArrivals arrivals;
    private final Filters filters;
    private final FilterStates states;
    private final Standstills standstills;
    private final List<Departure> departures = new ArrayList<>();

    Departures(WovenCode code, ClassArrivals arrivals, Filters filters, FilterStates states, Standstills standstills) {
        this.code = code;
        this.arrivals = arrivals;
        this.filters = filters;
        this.states = states;
        this.standstills = standstills;
    }

    boolean isEmpty() {
        return departures.isEmpty();
    }

    /**
     * Sends versions on their way, whose hooks must pass.
     *
     * @param kept the version that stays in their place
     */
    Departure begin(List<FilterVersion> versions, @Nullable FilterVersion kept) {
        Departure departure = new Departure(code, versions, kept, arrivals);
        departures.add(departure);
        return departure;
    }

    /** Lets all hooks of a filter pass, and its versions go. */
    void beginAll(InstalledFilter filter) {
        List<FilterVersion> all = new ArrayList<>();
        all.add(filter.version);
        if (filter.replaced != null) {
            all.add(filter.replaced);
            filter.replaced = null;
        }
        all.forEach(version -> version.disengage(null));
        filter.departure = begin(all, null);
    }

    /** Takes each of them one step further. */
    void advance() {
        for (Departure departure : List.copyOf(departures)) {
            advance(departure);
            if (departure.isOver()) {
                departures.remove(departure);
            }
        }
    }

    /** Takes one of them one step further, and over to its filter what became of it. */
    void advance(Departure departure) {
        departure.advance();
        for (InstalledFilter filter : filters.all()) {
            if (filter.departure == departure) {
                follow(filter, departure);
            }
        }
    }

    private void follow(InstalledFilter filter, Departure departure) {
        filter.shells = departure.shells();
        boolean isLate = System.nanoTime() - filter.stateNanos > DEPARTURE_MILLIS * 1_000_000;
        if (departure.isOver()) {
            filter.departure = null;
        }
        if (filter.state == FilterState.REMOVING && (departure.isOver() || isLate)) {
            // frames that do not move stand in code whose hooks pass; the bytes go back when they have left
            int left = departure.suspects().size();
            states.enter(filter, FilterState.REMOVED, departure.isOver() ? "" : left + " frames have not returned yet");
            standstills.tellUnpolled();
        }
    }

    /** Ends all moves of frames, so that classes can be taken back as they are; returns false if some are still under way. */
    boolean stop() {
        boolean quiet = true;
        for (Departure departure : departures) {
            quiet &= departure.giveUp();
        }
        return quiet;
    }
}
