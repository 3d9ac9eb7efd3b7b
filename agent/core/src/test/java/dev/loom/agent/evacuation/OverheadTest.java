package dev.loom.agent.evacuation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class OverheadTest {

    private static final double SECOND = 1e9;

    @Test
    void time_in_hooks_is_taken_of_cpu_time_and_time_in_waits_of_the_time_that_passed() {
        assertEquals(0, Overhead.percent(0, 0, SECOND, SECOND));
        assertEquals(10, Overhead.percent(0.2 * SECOND, 0, 2 * SECOND, SECOND), 1e-9);
        assertEquals(5, Overhead.percent(0, 0.05 * SECOND, 0.01 * SECOND, SECOND), 1e-9, "a program that mostly sleeps");
        assertEquals(15, Overhead.percent(0.2 * SECOND, 0.05 * SECOND, 2 * SECOND, SECOND), 1e-9);
    }

    @Test
    void it_is_never_more_than_100_percent() {
        assertEquals(100, Overhead.percent(0, 7 * SECOND, SECOND, SECOND), "many threads wait at once");
        assertEquals(100, Overhead.percent(SECOND, 0, 0, SECOND), "a hook took less than it is reckoned at");
    }
}
