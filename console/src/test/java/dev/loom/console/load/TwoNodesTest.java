package dev.loom.console.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loom.console.support.Postgres;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two consoles on one PostgreSQL: one is at work, the other stands by and takes over. */
class TwoNodesTest {

    @TempDir
    Path directory;

    @BeforeAll
    static void fromClasses() {
        System.setProperty("loom.load.classes", "true");
    }

    @Test
    void theOtherGoesOnWhereTheOneThatWasKilledHadAnswered() throws Exception {
        assertThat(KillDrill.run(2, directory, true)).as("versions, deployments or sessions lost, numbers given twice, JVMs that do not agree").isZero();
    }

    @Test
    void aConsoleThatWasFrozenHasLostItsTurnAndWritesNothingMore() throws Exception {
        String[] database = Postgres.options(Postgres.shared().freshDatabase());
        try (ConsoleProcess first = new ConsoleProcess(directory.resolve("first"), database);
                ConsoleProcess second = new ConsoleProcess(directory.resolve("second"), database)) {
            first.start();
            second.launch();
            assertThat(first.send("POST", "/api/v1/filters?name=before", "text/plain", text()).status()).isEqualTo(201);
            awaitStandby(second);
            assertThat(second.send("GET", "/actuator/health/liveness", null, null).status()).as("a console that stands by lives").isEqualTo(200);
            assertThat(second.send("GET", "/actuator/health/readiness", null, null).status()).as("and serves nobody").isEqualTo(503);
            assertThat(second.send("GET", "/api/v1/filters", null, null).body()).contains("another one is at work");

            first.signal("STOP");
            second.awaitReady();
            assertThat(second.send("POST", "/api/v1/filters?name=after", "text/plain", text()).status()).isEqualTo(201);
            first.signal("CONT");
            assertThat(first.awaitEnd()).as("exit status of the console that lost its turn").isEqualTo(75);
            String filters = second.send("GET", "/api/v1/filters", null, null).body();
            assertThat(filters).contains("\"before\"").contains("\"after\"");
        }
    }

    private static String text() {
        return "region r = com.acme.Bank#transfer\natomic r\n";
    }

    private static void awaitStandby(ConsoleProcess console) throws Exception {
        long end = System.nanoTime() + 60_000_000_000L;
        while (true) {
            try {
                if (console.send("GET", "/", null, null).status() == 503) {
                    return;
                }
            } catch (java.io.IOException notYet) {
                // again
            }
            assertThat(System.nanoTime()).as("the second console does not stand by after 60 s").isLessThan(end);
            Thread.sleep(100);
        }
    }
}
