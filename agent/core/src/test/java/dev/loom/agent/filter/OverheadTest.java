package dev.loom.agent.filter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class OverheadTest {

    private static final double SECOND = 1e9;

    @Test
    void hooks_are_a_share_of_cpu_time_and_waits_of_the_time_that_passed() {
        assertEquals(Overhead.Share.NONE, Overhead.share(0, 0, SECOND, SECOND));
        assertEquals(10, Overhead.share(0.2 * SECOND, 0, 2 * SECOND, SECOND).cpuPercent(), 1e-9);
        assertEquals(5, Overhead.share(0, 0.05 * SECOND, 0.01 * SECOND, SECOND).waitPercent(), 1e-9, "a program that mostly sleeps");
        assertEquals(15, Overhead.share(0.2 * SECOND, 0.05 * SECOND, 2 * SECOND, SECOND).total(), 1e-9);
    }

    @Test
    void the_sum_is_never_above_100_percent() {
        Overhead.Share many = Overhead.share(0, 7 * SECOND, SECOND, SECOND);
        assertEquals(700, many.waitPercent(), 1e-9, "many threads wait at once");
        assertEquals(100, many.total());
        assertEquals(100, Overhead.share(SECOND, 0, 0.5 * SECOND, SECOND).total(), "a hook took less than it is reckoned at");
    }

    @Test
    void a_cpu_clock_that_has_not_moved_makes_it_neither_nothing_nor_everything() {
        double percent = Overhead.share(5_000, 0, 0, SECOND).cpuPercent();
        assertTrue(percent > 0 && percent < 1, "5 us of hooks in a second in which the clock stood still are " + percent + " %");
    }
}
