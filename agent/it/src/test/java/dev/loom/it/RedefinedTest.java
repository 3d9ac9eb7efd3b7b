package dev.loom.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.loom.it.harness.AgentClient;
import dev.loom.it.harness.BenchClient;
import dev.loom.it.harness.Jdk;
import dev.loom.it.harness.Jvm;
import dev.loom.it.harness.OtherAgentJar;
import dev.loom.it.targets.OtherAgentMXBean;
import dev.loom.it.targets.Sleeper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Classes that a debugger or another agent gives other bodies while frames of the ones before are running. */
@DisplayName("A frame never goes on in another body")
class RedefinedTest {

    private static final String NAME = Sleeper.class.getName();

    static Stream<Jdk> jdks() {
        return Jdk.all().stream();
    }

    /** Compiles the program with other text in its loop; returns the class file. */
    private static Path variant(Path scratch, String inserted, int blankLines) throws IOException {
        String text = Files.readString(Path.of("src/test/java/dev/loom/it/targets/Sleeper.java"));
        String mark = "String job = jobs.take();";
        assertTrue(text.contains(mark));
        // the lines of the class move down
        text = text.replaceFirst("(?m)^public final class", "\n".repeat(blankLines) + "public final class").replace(mark, mark + inserted);
        Path source = Files.writeString(scratch.resolve("Sleeper.java"), text);
        int status = ToolProvider.getSystemJavaCompiler().run(
                null, null, System.err, "--release", "17", "-g", "-cp", Jvm.testClasses().toString(), "-d", scratch.toString(), source.toString());
        assertEquals(0, status);
        return scratch.resolve(NAME.replace('.', '/') + ".class");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("jdks")
    @DisplayName("where the new body does not fit the filter, that is FAILED, and frames of the old body go on where they are")
    void misfit(Jdk jdk, @TempDir Path scratch) throws IOException {
        Path other = variant(scratch, " if (job.isEmpty()) { continue; }", 500);
        try (Jvm jvm = Jvm.of(jdk, Sleeper.class).withAgent().start()) {
            jvm.awaitOutput("ready");
            AgentClient agent = new AgentClient(jvm);
            BenchClient bench = new BenchClient(jvm);
            OtherAgentMXBean redefiner = OtherAgentJar.attach(jvm);
            agent.installed("sleeper", JmxClientTest.sleeper());
            redefiner.redefine(NAME, other.toString());
            agent.await("sleeper", "FAILED");
            goesOn(agent, bench);
            assertEquals(0, agent.faults(), jvm::output);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("jdks")
    @DisplayName("where the new body is too large for update points, frames of the old body go on where they are")
    void withoutPrologue(Jdk jdk, @TempDir Path scratch) throws IOException {
        Path other = variant(scratch, " if (job.isEmpty()) {" + " done = done + 1234;".repeat(5_200) + "}", 500);
        try (Jvm jvm = Jvm.of(jdk, Sleeper.class).withAgent().start()) {
            jvm.awaitOutput("ready");
            AgentClient agent = new AgentClient(jvm);
            BenchClient bench = new BenchClient(jvm);
            OtherAgentMXBean redefiner = OtherAgentJar.attach(jvm);
            agent.installed("sleeper", JmxClientTest.sleeper());
            redefiner.redefine(NAME, other.toString());
            agent.await("sleeper", "FAILED");
            // JDK 25 hands out garbage for the class file of such a body, which is a fault that the agent counts
            goesOn(agent, bench);
        }
    }

    private static void goesOn(AgentClient agent, BenchClient bench) {
        for (int job = 1; job <= 3; job++) {
            bench.bean().command("job a");
            bench.bean().command("job b");
            // a method that began anew would have lost the job that it had taken
            bench.awaitTurnsOf("a", job);
            bench.awaitTurnsOf("b", job);
        }
        bench.bean().command("restart a");
        bench.awaitTurnsOf("a", 4);
        bench.bean().command("job a");
        bench.awaitTurnsOf("a", 5);
        bench.assertUnharmed();
    }
}
