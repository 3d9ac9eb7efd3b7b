package dev.loom.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.loom.it.harness.AgentClient;
import dev.loom.it.harness.Await;
import dev.loom.it.harness.BenchClient;
import dev.loom.it.harness.Jdk;
import dev.loom.it.harness.Jvm;
import dev.loom.it.harness.Marks;
import dev.loom.it.targets.Counted;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Classes whose loops look brief get their update points later; one of the loops is not brief at all. */
@DisplayName("Update points that come later")
class PreparedLaterTest {

    private static final String REGION = "atomic { dev.loom.it.targets.Counted:@counted-in ; dev.loom.it.targets.Counted:@counted-out }";

    static Stream<Jdk> jdks() {
        return Jdk.all().stream();
    }

    private static Jvm start(Jdk jdk, String option) {
        return Jvm.of(jdk, Counted.class).withAgent("include=dev.loom.it.targets.Counted*", option).start().awaitOutput("ready");
    }

    static String filter() {
        return Marks.fill(Counted.class, REGION);
    }

    private static int unprepared(AgentClient agent) {
        return (Integer) agent.agentAttribute("UnpreparedClasses");
    }

    private static void assertOldIsInTheWay(AgentClient agent) {
        AgentClient.accepted(agent.install("counted", filter(), ""));
        // the young one leaves with its next turn
        Await.until("the old one alone in the way", () -> agent.stragglers("counted").stream()
                .map(straggler -> straggler.get("thread")).toList().equals(List.of("old")));
        assertEquals("EVACUATING", agent.state("counted"));
        assertTrue(((String) agent.stragglers("counted").get(0).get("location")).startsWith("dev.loom.it.targets.Counted.loop("));
    }

    static void assertHeld(AgentClient agent, BenchClient bench) {
        agent.await("counted", "ACTIVE");
        Map<String, Long> before = bench.overlaps();
        bench.awaitTurns(200);
        bench.assertNoOverlaps(before, "while ACTIVE");
        agent.removed("counted");
        bench.assertUnharmed();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("jdks")
    @DisplayName("a frame without points is in the way until it has left, also of the next filter, and is no lie about ACTIVE")
    void needed(Jdk jdk) {
        try (Jvm jvm = start(jdk, "prepare=needed")) {
            assertNoFrameIsForgotten(jvm);
        }
    }

    /** In a JVM in which the points of the loop come when a filter needs them. */
    static void assertNoFrameIsForgotten(Jvm jvm) {
        AgentClient agent = new AgentClient(jvm);
        BenchClient bench = new BenchClient(jvm);
        bench.bean().command("start young");
        bench.awaitTurnsOf("young", 1);
        assertTrue(unprepared(agent) > 0, "nothing was left for later");
        AgentClient.accepted(agent.install("counted", filter(), ""));
        Await.until("two stragglers", () -> agent.stragglers("counted").size() == 2);
        assertEquals("EVACUATING", agent.state("counted"));
        assertEquals(0, unprepared(agent));
        agent.cancel("counted");
        agent.await("counted", "REMOVED");
        bench.bean().command("finish young");
        bench.awaitTurns(100);
        assertOldIsInTheWay(agent);
        bench.bean().command("finish old");
        assertHeld(agent, bench);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("jdks")
    @DisplayName("in the background: a frame from before stays in the way, one from after moves")
    void later(Jdk jdk) {
        try (Jvm jvm = start(jdk, "prepare=later")) {
            AgentClient agent = new AgentClient(jvm);
            BenchClient bench = new BenchClient(jvm);
            assertTrue(unprepared(agent) > 0, "nothing was left for later");
            Await.until("preparation", Await.LONG, () -> unprepared(agent) == 0, jvm::output);
            bench.bean().command("start young");
            bench.awaitTurnsOf("young", 100);
            assertOldIsInTheWay(agent);
            bench.bean().command("finish old");
            assertHeld(agent, bench);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("jdks")
    @DisplayName("at the start: all frames move")
    void start(Jdk jdk) {
        try (Jvm jvm = start(jdk, "prepare=start")) {
            AgentClient agent = new AgentClient(jvm);
            BenchClient bench = new BenchClient(jvm);
            bench.bean().command("start young");
            bench.awaitTurnsOf("young", 100);
            assertEquals(0, unprepared(agent));
            AgentClient.accepted(agent.install("counted", filter(), ""));
            assertHeld(agent, bench);
        }
    }
}
