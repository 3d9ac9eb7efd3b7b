package dev.loom.console.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The short form of evaluation/console-kill.sh. */
class KillDrillTest {

    @Test
    void whatWasAnsweredIsThereAfterTheConsoleWasKilled(@TempDir Path directory) throws Exception {
        System.setProperty("loom.load.classes", "true");
        assertThat(KillDrill.run(2, directory, false)).as("versions or deployments lost, numbers given twice, JVMs that do not agree").isZero();
    }
}
