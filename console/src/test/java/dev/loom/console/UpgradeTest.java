package dev.loom.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.loom.console.support.ConsoleUnderTest;
import dev.loom.console.support.Rest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A console opens the H2 file that a released version wrote, and has what was in it. One file a release in {@code h2/}. */
class UpgradeTest {

    @TempDir
    Path data;

    @ParameterizedTest
    @ValueSource(strings = "0.1.0")
    void a_database_of_a_release_is_opened_with_all_that_was_in_it(String release) throws IOException {
        try (InputStream file = UpgradeTest.class.getResourceAsStream("/h2/" + release + "/loom.mv.db")) {
            Files.copy(file, data.resolve("loom.mv.db"));
        }
        try (ConsoleUnderTest console = ConsoleUnderTest.on(data)) {
            Rest rest = console.rest();
            assertEquals(2, rest.get("/filters").expect(200).json().path("items").size());
            assertEquals(2, rest.get("/filters/bank/versions").expect(200).json().path("items").size());
            assertEquals(
                    "a JVM that is gone", rest.get("/targets").expect(200).json().path("items").path(0).path("name").asString(""));
            String audit = rest.get("/audit").expect(200).text();
            assertTrue(audit.contains("target.added"), "the audit log of " + release + " is lost: " + audit);
        }
    }
}
