package dev.loom.races;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each race happens with the unmodified jar, and is the one that its filter is about: an equivalent lock removes it. */
class RacesTest {

    /** How long a race with a narrow window may take to show itself on a busy machine. */
    private static final int PATIENCE_SECONDS = 90;
    private static final int EXCLUSIVE_SECONDS = 2;

    static Stream<String> races() {
        return RaceMain.names().stream();
    }

    @ParameterizedTest
    @MethodSource("races")
    void happensWithThePublishedJar(String race) throws IOException {
        assertTrue(failures(race, List.of("--seconds", String.valueOf(PATIENCE_SECONDS)), true) > 0, race + " did not fail");
    }

    @ParameterizedTest
    @MethodSource("races")
    void doesNotHappenUnderAnEquivalentLock(String race) throws IOException {
        assertEquals(0, failures(race, List.of("--exclusive", "--seconds", String.valueOf(EXCLUSIVE_SECONDS)), false));
    }

    /** SLF4J's newest version of that line still loses an event now and then. */
    static Stream<String> fixedRaces() {
        return races().filter(race -> Files.isDirectory(Path.of("target/jars", race + "-fixed")) && !race.equals("slf4j-init"));
    }

    @ParameterizedTest
    @MethodSource("fixedRaces")
    void doesNotHappenWithTheLibrarysOwnFix(String race) throws IOException {
        assertEquals(0, failures(race, RaceCommand.fixed(race), List.of("--seconds", String.valueOf(EXCLUSIVE_SECONDS)), false),
                race + " fails with the version that is said to mend it");
    }

    @ParameterizedTest
    @MethodSource("races")
    void hasAFilter(String race) {
        assertTrue(Files.isRegularFile(Path.of("filters", race + ".loom")), race);
    }

    /** Runs a race until its end, or until it has failed, and returns the failures. */
    private static long failures(String race, List<String> arguments, boolean untilItFails) throws IOException {
        return failures(race, RaceCommand.of(race, List.of()), arguments, untilItFails);
    }

    private static long failures(String race, List<String> command, List<String> arguments, boolean untilItFails) throws IOException {
        command.addAll(arguments);
        Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        try (BufferedReader output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            long failures = -1;
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                Matcher counts = Pattern.compile("\"operations\":(\\d+),\"failures\":(\\d+)").matcher(line);
                if (counts.find()) {
                    failures = Long.parseLong(counts.group(2));
                    if (untilItFails && failures > 0) {
                        break;
                    }
                }
            }
            assertTrue(failures >= 0, race + " gave no counts");
            return failures;
        } finally {
            process.destroyForcibly();
        }
    }
}
