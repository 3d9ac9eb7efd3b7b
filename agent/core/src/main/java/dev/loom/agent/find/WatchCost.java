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
    /** What one arrival at an armed place costs, ns. */
    private static final double LOOK = 300;
    /** From arming to the arrival of a thread that was there anyway, ns. */
    private static final double DELAY = 150;
    /** No place is passed more often than once in so many ns. */
    private static final double FASTEST = 2;
    /** Times of waiting from which on a place's rate is believed. */
    private static final int BELIEVED = 4;
    /** A place has had its chance after so many pauses. */
    private static final int CHANCES = 12;
    /** Of the budget, what passes may take, and what looks; pauses get the rest. */
    private static final double MOST = 0.5;
    private static final double MOST_LOOKS = 0.25;

    private final long began = System.nanoTime();
    private final double budget;
    private volatile double share;
    private volatile double looks;

    WatchCost(double budget) {
        this.budget = budget;
    }

    /** Estimate of the share of the time that watching takes of one processor, 0 to 1 and more. */
    double share() {
        return share + looks;
    }

    /** Whether there is time for more looks at places. */
    boolean mayLook() {
        return looks < budget * MOST_LOOKS;
    }

    /** What is left of the budget for pauses. */
    double left() {
        return Math.max(0, budget - share());
    }

    /**
     * Estimates anew; returns the places to give up so that watching takes no more than its part, the hottest first of those that have had
     * their chance or promise nothing, and if these are not enough, of all.
     */
    List<WatchedPlace> tooHot(List<WatchedPlace> places, Predicate<WatchedPlace> given) {
        List<WatchedPlace> hot = new ArrayList<>();
        double sum = 0;
        double arrivals = 0;
        for (WatchedPlace place : places) {
            arrivals += place.arrivals();
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
        looks = arrivals * LOOK / (System.nanoTime() - began);
        return up;
    }

    private static boolean isNeeded(WatchedPlace place) {
        return place.isPromising() && place.pauses() < CHANCES && place.collisions() == 0;
    }

    /** Share of the time. */
    private static double costOf(WatchedPlace place) {
        int waits = place.waits();
        if (waits < BELIEVED) {
            return 0;
        }
        double wait = (double) place.waitedNanos() / waits - DELAY;
        return PASS / Math.max(FASTEST, wait);
    }
}
