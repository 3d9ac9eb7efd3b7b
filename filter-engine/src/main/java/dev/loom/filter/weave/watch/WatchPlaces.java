package dev.loom.filter.weave.watch;

/** Numbers the places that are watched. Asked on whatever thread weaves a class. */
@FunctionalInterface
public interface WatchPlaces {

    /**
     * The number of a place, the same each time that its class is woven.
     *
     * @return 0 if it is not to be watched
     */
    int number(WatchPoint point);
}
