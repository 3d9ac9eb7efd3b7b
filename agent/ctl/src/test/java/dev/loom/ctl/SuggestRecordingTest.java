package dev.loom.ctl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.loom.ctl.suggested.Roster;
import dev.loom.filter.recording.Recording;
import dev.loom.filter.recording.UnreadableRecording;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code suggest}, with recordings that JFR writes of another JVM. */
class SuggestRecordingTest {

    private static final String TYPE = Roster.class.getName();

    @TempDir
    static Path recordings;

    private static Path race;

    @TempDir
    Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeAll
    static void record() throws IOException, InterruptedException {
        race = record("race", "jdk.JavaExceptionThrow#enabled=true,jdk.JavaExceptionThrow#stackTrace=true");
    }

    @Test
    void theRaceOfARecordingIsFoundInItsExceptions() throws IOException {
        // by its content, whatever it is called
        Path renamed = Files.copy(race, directory.resolve("log.txt"));
        assertEquals(0, suggest(renamed), err.toString());
        String first = out.toString().lines().filter(l -> l.startsWith("    ") && !l.contains("about")).findFirst().orElse("").strip();
        assertEquals(TYPE + "#count by this <> " + TYPE + "#enter by this", first, out.toString());
        assertTrue(out.toString().startsWith("1. java.util.ConcurrentModificationException in " + TYPE + ".count: "), out.toString());
        assertTrue(out.toString().contains("the checker accepts it"), out.toString());

        String text = recorded(race);
        assertTrue(text.indexOf("ConcurrentModificationException") < text.indexOf("NumberFormatException"), "the more frequent first:\n" + text);
        assertFalse(text.contains("<init>"), "the constructors of what is thrown are no part of what failed:\n" + text);
    }

    @Test
    void oneFailureCanBeChosen() throws IOException {
        assertEquals(0, suggest(race, "--only", "NumberFormatException"), err.toString());
        assertFalse(out.toString().contains("#enter"), out.toString());
        assertEquals(1, suggest(race, "--only", "nothing like that"));
        assertTrue(err.toString().contains("ConcurrentModificationException in " + TYPE), err.toString());
    }

    @Test
    void aDeadlockIsFoundInTheDumpsOfARecording() throws IOException, InterruptedException {
        Path deadlock = record("deadlock", "jdk.ThreadDump#enabled=true,jdk.ThreadDump#period=endChunk");
        assertEquals(0, suggest(deadlock), err.toString());
        assertTrue(out.toString().startsWith("1. a gate in front of the first lock of each thread"), out.toString());
        assertTrue(out.toString().contains("the checker accepts it"), out.toString());
    }

    @Test
    void aRecordingWithoutFailuresSaysHowToRecordThem() throws IOException, InterruptedException {
        Path nothing = record("race", "jdk.ThreadDump#enabled=false,jdk.JavaErrorThrow#enabled=false,jdk.JavaExceptionThrow#enabled=false");
        assertEquals(1, suggest(nothing));
        assertTrue(err.toString().contains("has no exception, no error and no dump of threads"), err.toString());
        assertTrue(err.toString().contains("jdk.JavaExceptionThrow#enabled=true"), err.toString());
    }

    @Test
    void whatIsNoRecordingAndNoTextIsToldWhatIsRead() throws IOException {
        Path archive = Files.write(directory.resolve("a.jfr"), new byte[] {'P', 'K', 3, 4, 0, 0, 0});
        assertEquals(1, suggest(archive));
        assertTrue(err.toString().contains("is neither a text nor a recording of JFR"), err.toString());
        assertTrue(err.toString().contains("report.json of Infer's RacerD, and recordings of JFR"), err.toString());
    }

    /** It ends in time, with a text or with one line that says why not, and with nothing else. */
    @Test
    void aDamagedRecordingIsOneClearLine() throws IOException {
        byte[] whole = Files.readAllBytes(race);
        Random random = new Random(7);
        int refused = 0;
        for (int i = 0; i < 60; i++) {
            byte[] damaged = i % 3 == 0 ? Arrays.copyOf(whole, 1 + random.nextInt(whole.length - 1)) : whole.clone();
            for (int j = 0; i % 3 != 0 && j < 1 + random.nextInt(200); j++) {
                damaged[4 + random.nextInt(damaged.length - 4)] = (byte) random.nextInt();
            }
            Path file = Files.write(directory.resolve("damaged.jfr"), damaged);
            if (damaged.length >= 4) {
                refused += assertTimeoutPreemptively(Duration.ofSeconds(60), () -> isRefused(file)) ? 1 : 0;
            }
        }
        assertTrue(refused >= 20, "only " + refused + " of the damaged files were noticed");
        assertEquals(1, suggest(Files.write(directory.resolve("cut.jfr"), Arrays.copyOf(whole, whole.length / 2))));
        assertTrue(err.toString().contains("the recording is damaged or not complete"), err.toString());
    }

    @Test
    void aRecordingThatTakesTooLongIsGivenUp() {
        UnreadableRecording refused = org.junit.jupiter.api.Assertions.assertThrows(UnreadableRecording.class, () -> Recording.text(race, Duration.ofNanos(-1)));
        assertEquals("the recording takes too long to read", refused.getMessage());
    }

    @Test
    void aRuntimeWithoutTheReaderIsOneClearLine() throws IOException, InterruptedException {
        String home = System.getProperty("java.home");
        String path = classPath() + java.io.File.pathSeparator + System.getProperty("java.class.path");
        Process process = new ProcessBuilder(
                home + "/bin/java", "--limit-modules", "java.base,java.management,java.rmi,java.naming,java.xml,jdk.attach,java.logging", "-cp", path,
                SuggestRecordingTest.class.getName() + "$Tool", race.toString(), classPath()).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(1, process.waitFor(), said);
        assertTrue(said.contains("this Java runtime cannot read recordings of JFR: it has no module jdk.jfr"), said);
        assertTrue(said.lines().count() <= 2, said);
    }

    /** The control tool as a program. */
    static final class Tool {
        public static void main(String[] arguments) {
            System.exit(LoomCtl.run("loom-agent.jar", "1.2.3", new String[] {"suggest", arguments[0], "--classpath", arguments[1]}));
        }
    }

    private static boolean isRefused(Path file) {
        try {
            return Recording.text(file, Duration.ofSeconds(50)).isEmpty();
        } catch (UnreadableRecording e) {
            assertFalse(e.getMessage().isBlank());
            return true;
        }
    }

    private static String recorded(Path file) {
        try {
            return Recording.text(file, Duration.ofMinutes(1));
        } catch (UnreadableRecording e) {
            throw new AssertionError(e);
        }
    }

    private int suggest(Path file, String... more) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        String[] arguments = new String[4 + more.length];
        System.arraycopy(new String[] {"suggest", file.toString(), "--classpath", classPath()}, 0, arguments, 0, 4);
        System.arraycopy(more, 0, arguments, 4, more.length);
        return LoomCtl.run(new LoomCtl(directory.resolve("loom-agent.jar"), "1.2.3"), new PrintWriter(out), new PrintWriter(err), arguments);
    }

    private static String classPath() {
        return Path.of(Roster.class.getProtectionDomain().getCodeSource().getLocation().getPath()).toString();
    }

    /** Runs {@link Roster} under JFR. */
    private static Path record(String what, String settings) throws IOException, InterruptedException {
        Path file = Files.createTempFile(recordings, what, ".jfr");
        Process process = new ProcessBuilder(
                System.getProperty("java.home") + "/bin/java", "-XX:StartFlightRecording=filename=" + file + ",settings=default," + settings,
                "-cp", classPath(), Roster.class.getName(), what).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
        return file;
    }
}
