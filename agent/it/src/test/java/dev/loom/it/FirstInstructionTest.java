package dev.loom.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.loom.it.harness.AgentClient;
import dev.loom.it.harness.Jdk;
import dev.loom.it.harness.Jvm;
import dev.loom.it.targets.FromStart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("A filter that is given at the start, or was enabled before a restart, holds from the first instruction on")
class FirstInstructionTest {

    private static final String FILTER = """
            filter "start" {
                atomic dev.loom.it.targets.FromStart#region
                atomic dev.loom.it.targets.FromStart$Later#region
            }
            """;

    static Stream<Jdk> jdks() {
        return Jdk.all().stream();
    }

    private static long overlaps(Jvm jvm) {
        jvm.awaitOutput("CLEAN");
        Matcher result = Pattern.compile("overlaps (\\d+) turns (\\d+)").matcher(jvm.output());
        assertTrue(result.find(), jvm.output());
        assertTrue(Long.parseLong(result.group(2)) > 100, "the threads made hardly a turn: " + jvm.output());
        return Long.parseLong(result.group(1));
    }

    private static Jvm started(Jdk jdk, String... agentOptions) {
        return Jvm.of(jdk, FromStart.class).withAgent(agentOptions).arguments("60").start();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("jdks")
    @DisplayName("without a filter the threads overlap; with filters= they never do, in a class that is loaded later neither")
    void givenAtTheStart(Jdk jdk, @TempDir Path directory) throws IOException {
        try (Jvm jvm = started(jdk)) {
            assertNotEquals(0, overlaps(jvm), "the program shows nothing: its threads do not overlap without a filter");
        }
        Path file = Files.writeString(directory.resolve("start.loom"), FILTER);
        try (Jvm jvm = started(jdk, "filters=" + file)) {
            assertEquals(0, overlaps(jvm), "threads ran the region before the filter was in force:\n" + jvm.output());
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("jdks")
    @DisplayName("what was enabled in a JVM that was killed holds from the first instruction of the next; what was removed does not come back")
    void remembered(Jdk jdk, @TempDir Path directory) throws IOException {
        String state = "state=" + directory.resolve("state");
        try (Jvm jvm = started(jdk, state)) {
            assertNotEquals(0, overlaps(jvm), "the program shows nothing: its threads do not overlap without a filter");
            new AgentClient(jvm).installed("start", FILTER);
        }
        try (Jvm jvm = started(jdk, state)) {
            assertEquals(0, overlaps(jvm), "threads ran the region before the filter was in force again:\n" + jvm.output());
            AgentClient agent = new AgentClient(jvm);
            agent.await("start", "ACTIVE");
            agent.removed("start");
        }
        try (Jvm jvm = started(jdk, state)) {
            assertNotEquals(0, overlaps(jvm), "a filter that was removed came back:\n" + jvm.output());
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("jdks")
    @DisplayName("a directory that others may write to is not used, and says why; the application runs")
    void notOwnersAlone(Jdk jdk, @TempDir Path directory) throws IOException {
        Path state = Files.createDirectory(directory.resolve("open"));
        Files.setPosixFilePermissions(state, PosixFilePermissions.fromString("rwxrwxrwx"));
        Files.writeString(state.resolve("start.loom"), FILTER);
        try (Jvm jvm = started(jdk, "state=" + state)) {
            assertNotEquals(0, overlaps(jvm), "a filter was installed that anybody could have put there");
            assertTrue(jvm.output().contains("chmod 700"), jvm.output());
            assertFalse(jvm.output().contains("\tat "), "a clear line is enough:\n" + jvm.output());
        }
    }
}
