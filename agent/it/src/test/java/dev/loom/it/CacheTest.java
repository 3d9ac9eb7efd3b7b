package dev.loom.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.loom.it.harness.AgentClient;
import dev.loom.it.harness.BenchClient;
import dev.loom.it.harness.Jdk;
import dev.loom.it.harness.Jvm;
import dev.loom.it.targets.Sleeper;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("Prepared classes that are kept between runs")
class CacheTest {

    static Stream<Jdk> jdks() {
        return Jdk.all().stream();
    }

    private static Jvm start(Jdk jdk, Path cache) {
        return Jvm.of(jdk, Sleeper.class).withAgent("cache=" + cache, "log=stderr:info").start().awaitOutput("ready");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("jdks")
    @DisplayName("the second run takes them from there, and its frames move and are held as in the first")
    void secondRun(Jdk jdk, @TempDir Path directory) {
        Path cache = directory.resolve("cache");
        int methods;
        try (Jvm jvm = start(jdk, cache)) {
            AgentClient agent = new AgentClient(jvm);
            methods = (Integer) agent.agentAttribute("InstrumentedMethods");
            agent.detach();
            jvm.awaitOutput("detached");
            assertTrue(jvm.output().contains("cache: " + cache), "nothing was kept:\n" + jvm.output());
        }
        try (Jvm jvm = start(jdk, cache)) {
            AgentClient agent = new AgentClient(jvm);
            BenchClient bench = new BenchClient(jvm);
            assertEquals(methods, agent.agentAttribute("InstrumentedMethods"), "as many methods have update points");
            agent.installed("sleeper", JmxClientTest.sleeper());
            bench.bean().command("stay a");
            bench.awaitTurnsOf("a", 1);
            bench.bean().command("leave");
            agent.removed("sleeper");
            bench.assertUnharmed();
            agent.detach();
            jvm.awaitOutput("detached");
            assertFalse(jvm.output().contains("cache: " + cache), "classes were woven again that the first run had kept:\n" + jvm.output());
        }
    }
}
