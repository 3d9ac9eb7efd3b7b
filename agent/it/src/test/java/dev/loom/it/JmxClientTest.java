package dev.loom.it;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.loom.it.harness.AgentClient;
import dev.loom.it.harness.Await;
import dev.loom.it.harness.BenchClient;
import dev.loom.it.harness.Jdk;
import dev.loom.it.harness.Jvm;
import dev.loom.it.harness.Marks;
import dev.loom.it.targets.Sleeper;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import javax.management.openmbean.CompositeData;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The whole job through plain JMX. */
@DisplayName("A plain JMX client")
class JmxClientTest {

    static final String SLEEPER =
            "atomic { dev.loom.it.targets.Sleeper:@sleeper-in ; dev.loom.it.targets.Sleeper:@sleeper-out }";

    static String sleeper() {
        return Marks.fill(Sleeper.class, SLEEPER);
    }

    static Stream<Jdk> jdks() {
        return Jdk.all().stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("jdks")
    @DisplayName("installs, receives state notifications, reads hooks and removes, with no Loom class on its class path")
    void installsReadsAndRemoves(Jdk jdk) {
        assertThrows(ClassNotFoundException.class, () -> Class.forName("dev.loom.agent.control.FilterStatus"));
        try (Jvm jvm = Jvm.of(jdk, Sleeper.class).withAgent().start()) {
            jvm.awaitOutput("ready");
            AgentClient agent = new AgentClient(jvm);
            BenchClient bench = new BenchClient(jvm);
            List<String> states = new CopyOnWriteArrayList<>();
            agent.listen((notification, handback) -> {
                if (notification.getType().equals("dev.loom.filter.state")) {
                    states.add((String) ((CompositeData) notification.getUserData()).get("state"));
                }
            });
            agent.installed("sleeper", sleeper());
            bench.bean().command("job a");
            bench.bean().command("job b");
            Await.until("hits", () -> (Long) agent.hooks("sleeper").get(0).get("hits") == 2L);
            agent.removed("sleeper");
            Await.until("notifications", Await.LONG, () -> states.contains("REMOVED"), states::toString);
            assertEquals(List.of("CHECKING", "EVACUATING", "ACTIVE", "REMOVING", "REMOVED"), states);
            bench.assertUnharmed();
            assertEquals(0, agent.faults());
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("jdks")
    @DisplayName("hears of a second install before the first has finished, a misspelt class and member, and lines without code")
    void hearsWhatIsWrong(Jdk jdk) {
        try (Jvm jvm = Jvm.of(jdk, Sleeper.class).withAgent().start()) {
            jvm.awaitOutput("ready");
            AgentClient agent = new AgentClient(jvm);
            BenchClient bench = new BenchClient(jvm);
            bench.bean().command("stay a");
            bench.awaitTurnsOf("a", 1);
            AgentClient.accepted(agent.install("sleeper", sleeper(), ""));
            assertEquals("EVACUATING", agent.state("sleeper"));
            var twice = assertThrows(IllegalStateException.class, () -> agent.install("sleeper", sleeper(), ""));
            assertTrue(twice.getMessage().contains("not finished"), twice.getMessage());
            CompositeData straggler = agent.stragglers("sleeper").get(0);
            assertEquals("a", straggler.get("thread"));
            bench.bean().command("leave");
            agent.await("sleeper", "ACTIVE");

            for (String wrong : List.of(
                    "atomic dev.loom.it.targets.Sleeper#lop", "atomic dev.loom.it.targets.Sleeper:9999",
                    "{ dev.loom.it.targets.Sleeper:1 ; dev.loom.it.targets.Sleeper:2 } <> dev.loom.it.targets.Sleeper#loop",
                    "atomic java.util.HashMap#put", "atomic java.lang.String#length", "no filter at all")) {
                CompositeData status = agent.install("wrong", wrong, "");
                assertEquals("REJECTED", status.get("state"), () -> AgentClient.describe(status));
                assertTrue(((CompositeData[]) status.get("diagnostics")).length > 0);
            }
            CompositeData badName = agent.install("no/name", sleeper(), "");
            assertEquals("REJECTED", badName.get("state"));
            assertEquals("LOOM-005", ((CompositeData[]) badName.get("diagnostics"))[0].get("code"));
            CompositeData rejected = agent.install("sleeper", "atomic dev.loom.it.targets.Sleeper#lop", "");
            assertEquals("REJECTED", rejected.get("state"));
            assertEquals("ACTIVE", agent.state("sleeper"), "a replacement that is rejected changes nothing");
            assertThrows(IllegalArgumentException.class, () -> agent.remove("unknown"));
            assertThrows(IllegalArgumentException.class, () -> agent.cancel("sleeper"));
            assertArrayEquals(new CompositeData[0], (CompositeData[]) agent.check(sleeper()).get("stragglers"));
            bench.assertUnharmed();
        }
    }
}
