package dev.loom.agent.find;

import dev.loom.agent.transform.ClassId;
import dev.loom.bootstrap.watch.RaceSearch;
import dev.loom.bootstrap.watch.WatchedPlace;
import dev.loom.filter.weave.watch.WatchPlaces;
import dev.loom.filter.weave.watch.WatchPoint;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The places of one search, by their numbers in woven code. Thread-safe: classes are woven on whatever thread loads them. */
final class Places {

    /**
     * A place with its class.
     *
     * @param id the class of one loader
     */
    record Known(ClassId id, WatchPoint point) {}

    private final RaceSearch search;
    /** Guarded by this, as all below. */
    private final Map<Known, WatchedPlace> places = new HashMap<>();
    private final Map<Integer, Known> byIndex = new HashMap<>();
    private final Set<Known> dropped = new HashSet<>();
    private int refused;

    Places(RaceSearch search) {
        this.search = search;
    }

    WatchPlaces of(ClassId id) {
        return point -> number(new Known(id, point));
    }

    private synchronized int number(Known known) {
        if (dropped.contains(known)) {
            return 0;
        }
        WatchedPlace place = places.get(known);
        if (place == null) {
            WatchPoint point = known.point();
            place = search.add(point.variable(), traits(point));
            if (place == null) {
                refused++;
                return 0;
            }
            places.put(known, place);
            byIndex.put(place.index(), known);
        }
        return place.number();
    }

    /** What the search is to know of a place. */
    static int traits(WatchPoint point) {
        return trait(point.use().reads(), WatchedPlace.READS) | trait(point.use().writes(), WatchedPlace.WRITES)
                | trait(point.use().checks(), WatchedPlace.CHECKS) | trait(point.isStatic(), WatchedPlace.STATIC)
                | trait(point.kind() == WatchPoint.Kind.CALL, WatchedPlace.CALL)
                | trait(point.kind() == WatchPoint.Kind.HANDLE, WatchedPlace.STEPS_ONLY)
                | trait(point.method().startsWith("<"), WatchedPlace.CONSTRUCTS) | trait(point.locked(), WatchedPlace.LOCKED);
    }

    private static int trait(boolean has, int trait) {
        return has ? trait : 0;
    }

    /** What a place is; null if there is none of that index. */
    synchronized @Nullable Known at(int index) {
        return byIndex.get(index);
    }

    /** What a place does that threads came to. */
    synchronized WatchPoint point(int index) {
        return Objects.requireNonNull(byIndex.get(index)).point();
    }

    /** The loader of the class that a place is in; null for the boot loader. */
    synchronized @Nullable ClassLoader loader(int index) {
        return Objects.requireNonNull(byIndex.get(index)).id().loader();
    }

    /** Has a place not be watched when its class is woven next; returns its class. */
    synchronized ClassId drop(WatchedPlace place) {
        Known known = byIndex.get(place.index());
        dropped.add(known);
        return known.id();
    }

    synchronized boolean isDropped(WatchedPlace place) {
        return dropped.contains(byIndex.get(place.index()));
    }

    synchronized int droppedCount() {
        return dropped.size();
    }

    /** How many were too many. */
    synchronized int refused() {
        return refused;
    }
}
