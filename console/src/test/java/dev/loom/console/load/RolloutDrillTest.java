package dev.loom.console.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The short form of evaluation/console-rollout.sh. */
class RolloutDrillTest {

    @Test
    void aRollOutOverRealJvmsEndsAsItShouldThoughTheConsoleIsKilledOrAGuardFires() throws Exception {
        System.setProperty("loom.load.classes", "true");
        assertThat(RolloutDrill.runShort()).as("lines that begin with WRONG in what was printed").isZero();
    }
}
