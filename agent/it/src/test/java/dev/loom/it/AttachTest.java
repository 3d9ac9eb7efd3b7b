package dev.loom.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.loom.it.harness.AgentClient;
import dev.loom.it.harness.BenchClient;
import dev.loom.it.harness.Jdk;
import dev.loom.it.harness.Jvm;
import dev.loom.it.targets.Sleeper;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.management.openmbean.CompositeData;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A JVM that was started without the agent. */
@DisplayName("Attach")
class AttachTest {

    static Stream<Jdk> jdks() {
        return Jdk.all().stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("jdks")
    @DisplayName("names the frames that are older than the agent, and is ACTIVE when they have returned")
    void olderFramesAreNamed(Jdk jdk) {
        try (Jvm jvm = Jvm.of(jdk, Sleeper.class).options(jdk.hasVirtualThreads() ? "-XX:+EnableDynamicAgentLoading" : "-Dplain").start()) {
            jvm.awaitOutput("ready");
            jvm.attachAgent("");
            AgentClient agent = new AgentClient(jvm);
            BenchClient bench = new BenchClient(jvm);
            assertEquals("ATTACHED", agent.agentAttribute("Mode"));
            AgentClient.accepted(agent.install("sleeper", JmxClientTest.sleeper(), ""));
            assertEquals("EVACUATING", agent.state("sleeper"));
            List<CompositeData> stragglers = agent.stragglers("sleeper");
            assertEquals(2, stragglers.size());
            assertTrue(((String) stragglers.get(0).get("reason")).contains("older than the agent"), AgentClient.straggler(stragglers.get(0)));
            // a new call runs new code at once, whatever the older frames do
            bench.bean().command("restart a");
            bench.bean().command("job a");
            bench.awaitTurnsOf("a", 2);
            assertEquals(1L, agent.hooks("sleeper").get(0).get("hits"));
            bench.bean().command("restart b");
            agent.await("sleeper", "ACTIVE");
            Map<String, Long> atActive = bench.overlaps();
            bench.bean().command("job a");
            bench.bean().command("job b");
            bench.awaitTurnsOf("b", 2);
            bench.assertNoOverlaps(atActive, "while ACTIVE");
            agent.removed("sleeper");
            bench.assertUnharmed();
        }
    }
}
