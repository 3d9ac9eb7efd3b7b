package dev.loom.agent.find;

import dev.loom.bootstrap.watch.WatchedPlace;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;

/**
 * What the watch points themselves take of the time, told from how long an armed place waits for a thread: nobody counts. For the sampler's
 * thread; {@link #share} for any.
 */
final class WatchCost {

    /** What one pass costs, rather too much: a load and a branch, and the call where the JIT has not got rid of it; ns. */
    private static final double PASS = 1.5;
    /** From arming to the arrival of a thread that was there anyway, ns. */
    private static final double DELAY = 150;
    /** No place is passed more often than once in so many ns. */
    private static final double FASTEST = 2;
    /** Arrivals from which on a place's rate is believed. */
    private static final int BELIEVED = 4;
    /** A place has had its chance after so many pauses. */
    private static final int CHANCES = 12;
    /** Of the budget, what watching may take; pauses get the rest. */
    private static final double MOST = 0.5;

    private final double budget;
    private volatile double share;

    WatchCost(double budget) {
        this.budget = budget;
    }

    /** Estimate of the share of the time that watching takes of one processor, 0 to 1 and more. */
    double share() {
        return share;
    }

    /** What is left of the budget for pauses. */
    double left() {
        return Math.max(0, budget - share);
    }

    /**
     * Estimates anew; returns the places to give up so that watching takes no more than its part, the hottest first of those that have had
     * their chance or promise nothing, and if these are not enough, of all.
     */
    List<WatchedPlace> tooHot(List<WatchedPlace> places, Predicate<WatchedPlace> given) {
        List<WatchedPlace> hot = new ArrayList<>();
        double sum = 0;
        for (WatchedPlace place : places) {
            if (!given.test(place)) {
                sum += costOf(place);
                hot.add(place);
            }
        }
        hot.sort(Comparator.comparing(WatchCost::isNeeded).thenComparing(Comparator.comparingDouble(WatchCost::costOf).reversed()));
        List<WatchedPlace> up = new ArrayList<>();
        for (int i = 0; i < hot.size() && sum > budget * MOST; i++) {
            if (costOf(hot.get(i)) > 0) {
                sum -= costOf(hot.get(i));
                up.add(hot.get(i));
            }
        }
        share = sum;
        return up;
    }

    private static boolean isNeeded(WatchedPlace place) {
        return place.isPromising() && place.pauses() < CHANCES && place.collisions() == 0;
    }

    /** Share of the time. */
    private static double costOf(WatchedPlace place) {
        int arrivals = place.arrivals();
        if (arrivals < BELIEVED) {
            return 0;
        }
        double wait = (double) place.waitedNanos() / arrivals - DELAY;
        return PASS / Math.max(FASTEST, wait);
    }
}
