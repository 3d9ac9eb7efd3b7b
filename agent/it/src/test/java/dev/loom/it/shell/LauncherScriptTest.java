package dev.loom.it.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.loom.it.harness.Jdk;
import dev.loom.it.shell.target.Idle;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The script {@code loom} beside the jar: the tool as {@code java -jar} runs it, with an archive of classes from the second time on. */
class LauncherScriptTest {

    private static final Path SCRIPT = TestJvm.AGENT.resolveSibling("loom");

    @TempDir
    Path directory;

    private record Said(int status, String out, String err) {}

    static Stream<Jdk> jdks() {
        return Jdk.all().stream();
    }

    private Said loom(Jdk jdk, Path cache, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(SCRIPT.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("JAVA_HOME", jdk.home().toString());
        builder.environment().put("XDG_CACHE_HOME", cache.toString());
        Path out = directory.resolve("out");
        Path err = directory.resolve("err");
        Process process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
        assertTrue(process.waitFor(120, TimeUnit.SECONDS), "the script has not ended in two minutes: " + command);
        return new Said(process.exitValue(), Files.readString(out, StandardCharsets.UTF_8), Files.readString(err, StandardCharsets.UTF_8));
    }

    private static List<Path> archives(Path cache) throws IOException {
        try (Stream<Path> files = Files.list(cache.resolve("loom"))) {
            return files.toList();
        }
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void itSaysTheSameWithAndWithoutAnArchive(Jdk jdk) throws Exception {
        try (TestJvm jvm = TestJvm.start(jdk, List.of(TestJvm.agent("")), Idle.class).awaitReady()) {
            String pid = Long.toString(jvm.pid());
            Said first = loom(jdk, directory, "list", pid);
            assertEquals(new Said(0, "No filters.\n", ""), first);
            List<Path> kept = archives(directory);
            assertEquals(1, kept.size(), "one archive, and nothing half written: " + kept);
            assertEquals(first, loom(jdk, directory, "list", pid));
            assertEquals(kept, archives(directory));
            Files.writeString(kept.get(0), "no archive at all");
            assertEquals(first, loom(jdk, directory, "list", pid), "a broken archive is worse than none only in time");
        }
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void whatIsWrongIsSaidAsEverAndWhereNothingCanBeKeptItRunsWithout(Jdk jdk) throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "");
        for (Path cache : List.of(directory, directory, file)) {
            Said said = loom(jdk, cache, "lst", "1");
            assertEquals(2, said.status(), said.err());
            assertEquals("", said.out());
            assertTrue(said.err().startsWith("loom: "), said.err());
        }
    }
}
