package dev.loom.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.loom.it.harness.AgentClient;
import dev.loom.it.harness.Await;
import dev.loom.it.harness.BenchClient;
import dev.loom.it.harness.Jdk;
import dev.loom.it.harness.Jvm;
import dev.loom.it.targets.Deadlocked;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("Threads that the application has deadlocked before an install")
class DeadlockedBeforeTest {

    private static final String FILTER = "atomic dev.loom.it.targets.Deadlocked#region";

    static Stream<Jdk> jdks() {
        return Jdk.all().stream();
    }

    private static Jvm program(Jdk jdk, String sort) {
        return Jvm.of(jdk, Deadlocked.class).withAgent().arguments(sort).start().awaitOutput("ready");
    }

    private static String[] deadlocks(AgentClient agent) {
        return (String[]) agent.filterAttribute("deadlocked", "Deadlocks");
    }

    private static void assertShown(AgentClient agent) {
        Await.until("both threads of the cycle are named", () -> deadlocks(agent).length == 2);
        String shown = Arrays.toString(deadlocks(agent));
        assertTrue(shown.contains("'stuck-0' waits for the ") && shown.contains("'stuck-1' waits for the "), shown);
    }

    private static void goesOn(BenchClient bench) {
        long turns = Long.parseLong(bench.bean().command("turns"));
        Await.until("the thread that is well goes on", () -> Long.parseLong(bench.bean().command("turns")) > turns);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("jdks")
    @DisplayName("by monitors alone: named, and not in the way of ACTIVE")
    void monitors(Jdk jdk) {
        try (Jvm jvm = program(jdk, "monitors")) {
            AgentClient agent = new AgentClient(jvm);
            BenchClient bench = new BenchClient(jvm);
            agent.installed("deadlocked", FILTER);
            assertShown(agent);
            goesOn(bench);
            agent.removed("deadlocked");
            goesOn(bench);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("jdks")
    @DisplayName("by locks that an interrupt may end: named, and in the way until they go on, unless the install accepts them")
    void locks(Jdk jdk) {
        try (Jvm jvm = program(jdk, "locks")) {
            AgentClient agent = new AgentClient(jvm);
            BenchClient bench = new BenchClient(jvm);
            AgentClient.accepted(agent.install("deadlocked", FILTER, ""));
            assertShown(agent);
            assertEquals("EVACUATING", agent.state("deadlocked"), "they may still go on inside the region");
            assertEquals(2, agent.stragglers("deadlocked").size());
            agent.cancel("deadlocked");
            agent.await("deadlocked", "REMOVED");
            AgentClient.accepted(agent.install("deadlocked", FILTER, "on-deadlocked=accept"));
            agent.await("deadlocked", "ACTIVE");
            assertShown(agent);
            bench.bean().command("interrupt");
            Await.until("they are set free", () -> Long.parseLong(bench.bean().command("turns")) > 1_000_000);
            Await.until("and are deadlocked no more", () -> deadlocks(agent).length == 0);
            agent.await("deadlocked", "ACTIVE");
            goesOn(bench);
        }
    }
}
