package dev.loom.agent.find;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.loom.bootstrap.Watch;
import dev.loom.bootstrap.watch.ObjectTypes;
import dev.loom.bootstrap.watch.RaceSearch;
import dev.loom.bootstrap.watch.WatchedPlace;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** What watching costs is told from how long places wait, and what is too hot is given up. */
class WatchCostTest {

    private final RaceSearch search = new RaceSearch(new ObjectTypes(Set.of(), Set.of()), 0);

    @Test
    void a_place_that_is_passed_all_the_time_is_given_up_and_one_that_is_not_stays() {
        WatchedPlace hot = search.add("hot", WatchedPlace.READS);
        WatchedPlace cold = search.add("cold", WatchedPlace.READS);
        search.begin();
        try {
            // so often that neither the first calls nor a moment without a processor count for much in the mean
            for (int i = 0; i < 2_000; i++) {
                search.arm(hot);
                pass(hot);
            }
            for (int i = 0; i < 10; i++) {
                search.arm(cold);
                LockSupport.parkNanos(2_000_000);
                pass(cold);
            }
        } finally {
            search.end();
        }
        WatchCost cost = new WatchCost(0.000_02);
        assertEquals(List.of(hot), cost.tooHot(search.places(), place -> false));
        assertFalse(cost.mayLook(), "thousands of looks in no time at all");
        assertEquals(0, cost.left());
        assertEquals(List.of(), new WatchCost(0.5).tooHot(search.places(), hot::equals), "once it is given up it counts no more");
    }

    @Test
    void where_nobody_comes_all_is_left_for_pauses() {
        search.add("cold", WatchedPlace.READS);
        WatchCost cost = new WatchCost(0.03);
        assertEquals(List.of(), cost.tooHot(search.places(), place -> false));
        assertEquals(0.03, cost.left());
        assertTrue(cost.mayLook());
    }

    private static void pass(WatchedPlace place) {
        for (int i = 0; i < 8; i++) {
            Watch.at("object", place.number());
        }
    }
}
