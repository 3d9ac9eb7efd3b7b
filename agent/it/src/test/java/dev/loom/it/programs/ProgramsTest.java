package dev.loom.it.programs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.loom.it.harness.AgentJar;
import dev.loom.it.harness.Jdk;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Programs of others print the same with the agent, and the agent has no fault. */
class ProgramsTest {

    private static Stream<Arguments> programs() {
        List<Arguments> all = new ArrayList<>();
        for (Jdk jdk : Jdk.all()) {
            // the Kotlin compiler comes after javac, so its program goes by name
            for (String program : List.of("Tomcat", "Jetty", "H2", "Lucene", "Netty", "Kotlin")) {
                all.add(Arguments.of(program, jdk));
            }
        }
        return all.stream();
    }

    @ParameterizedTest(name = "{0} on {1}")
    @MethodSource("programs")
    void a_program_under_full_instrumentation_does_what_it_does_without(String program, Jdk jdk, @TempDir Path scratch) throws Exception {
        String main = ProgramsTest.class.getPackageName() + "." + program + "Program";
        List<String> plain = run(main, jdk, scratch.resolve("plain.txt"), System.getProperty("java.class.path"), List.of());
        Path log = scratch.resolve("agent.log");
        List<String> woven = run(
                main, jdk, scratch.resolve("woven.txt"), System.getProperty("java.class.path"),
                List.of("-javaagent:" + AgentJar.path() + "=log=" + log + ":debug", "-Xverify:all"));
        assertEquals(plain, woven);
        assertTrue(plain.size() > 0, "the program printed nothing");
        if (Files.exists(log)) {
            String said = Files.readString(log);
            assertFalse(said.contains("stays as it is"), said);
        }
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(classes = {TomcatProgram.class, LuceneProgram.class})
    void a_program_all_of_whose_classes_have_polls_does_what_it_does_without(Class<?> program, @TempDir Path scratch) throws Exception {
        Jdk jdk = Jdk.newest();
        // a region of a class that never comes: the polls of its scope are there all the time
        Path filter = Files.writeString(scratch.resolve("polls.loom"), "dev.loom.it.targets.Sleeper#loop <> *");
        List<String> plain = run(program.getName(), jdk, scratch.resolve("plain.txt"), System.getProperty("java.class.path"), List.of());
        Path log = scratch.resolve("agent.log");
        List<String> woven = run(
                program.getName(), jdk, scratch.resolve("woven.txt"), System.getProperty("java.class.path"),
                List.of("-javaagent:" + AgentJar.path() + "=filters=" + filter + ",log=" + log + ":debug", "-Xverify:all"));
        assertEquals(plain, woven);
        String said = Files.exists(log) ? Files.readString(log) : "";
        assertFalse(said.contains("stays as it is") || said.contains("no polls could be put"), said);
    }

    /** Runs a program; returns its results. */
    static List<String> run(String main, Jdk jdk, Path output, String classPath, List<String> options) throws Exception {
        List<String> command = new ArrayList<>(List.of(jdk.tool("java").toString(), "-Xmx512m", "-XX:TieredStopAtLevel=1"));
        command.addAll(options);
        command.addAll(Arrays.asList("-cp", withoutAgent(classPath), main));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile()).start();
        try {
            assertTrue(process.waitFor(5, TimeUnit.MINUTES), () -> main + " hangs");
        } finally {
            process.destroyForcibly();
        }
        String text = Files.readString(output);
        assertTrue(text.contains("END"), text);
        assertEquals(0, process.exitValue(), text);
        return text.lines().filter(line -> line.startsWith("RESULT")).toList();
    }

    private static String withoutAgent(String classPath) {
        return Stream.of(classPath.split(File.pathSeparator))
                .filter(entry -> !entry.endsWith("loom-agent.jar") && !entry.contains("/loom-agent/"))
                .reduce((a, b) -> a + File.pathSeparator + b)
                .orElseThrow();
    }
}
