package dev.loom.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.loom.it.harness.AgentClient;
import dev.loom.it.harness.BenchClient;
import dev.loom.it.harness.Jdk;
import dev.loom.it.harness.Jvm;
import dev.loom.it.harness.Marks;
import dev.loom.it.targets.Shapes;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What was measured with Byteman, done with Loom: each situation installed on its own in a running program, twice. */
@DisplayName("The nine situations where Byteman fails")
class BytemanSituationsTest {

    private static final String S = Shapes.class.getName() + "$";

    /** By situation: board, and filter. */
    private static final Map<String, String[]> SITUATIONS = new LinkedHashMap<>();

    static {
        situation("fresh call per job", "recursion", "atomic " + S + "Recursion#down");
        situation("one long-running frame", "compute", "atomic { " + S + "Compute:@compute-in ; " + S + "Compute:@compute-out }");
        situation("one long-running frame that waits", "take", "atomic { " + S + "Take:@take-in ; " + S + "Take:@take-out }");
        situation("enter in one method, leave in another", "span", "atomic " + S + "Span#both");
        situation("region left by an exception", "thrown",
                "atomic { " + S + "Thrown:@thrown-in ; " + S + "Thrown:@thrown-throw, " + S + "Thrown:@thrown-out }");
        situation("exception caught inside the method", "caught",
                "atomic { " + S + "Caught:@caught-in ; " + S + "Caught:@caught-out, " + S + "Caught:@caught-handler }");
        situation("exit line in finally", "final", "atomic { " + S + "Final:@final-in ; " + S + "Final:@final-out }");
        situation("installed and removed while threads are inside", "slow",
                "atomic { " + S + "Slow:@slow-in ; " + S + "Slow:@slow-out }");
    }

    private static void situation(String name, String board, String filter) {
        SITUATIONS.put(name, new String[] {board, Marks.fill(Shapes.class, filter)});
    }

    static Stream<Jdk> jdks() {
        return Jdk.all().stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("jdks")
    @DisplayName("0 violations, 0 exceptions into the application, 0 dead workers; what does not fit is refused")
    void allNine(Jdk jdk) {
        try (Jvm jvm = Jvm.of(jdk, Shapes.class).withAgent()
                .arguments("4", "recursion", "compute", "take", "span", "thrown", "caught", "final", "slow").start()) {
            jvm.awaitOutput("ready");
            AgentClient agent = new AgentClient(jvm);
            BenchClient bench = new BenchClient(jvm);
            bench.awaitTurns(10);
            for (int round = 0; round < 2; round++) {
                SITUATIONS.forEach((situation, parts) -> {
                    assertTrue(bench.overlaps().get(parts[0]) > 0, () -> "the race shows without a filter: " + situation);
                    agent.installed(parts[0], parts[1]);
                    long atActive = bench.overlaps().get(parts[0]);
                    bench.awaitTurns(5);
                    assertEquals(atActive, bench.overlaps().get(parts[0]), situation);
                    agent.removed(parts[0]);
                    bench.awaitTurns(3);
                    bench.assertUnharmed();
                });
            }
            assertEquals("REJECTED", agent.install("misspelt", "atomic " + S + "Span#bth", "").get("state"));
            assertEquals("REJECTED", agent.install("line", "atomic " + S + "Span:9999", "").get("state"));
            assertEquals("REJECTED", agent.install("span", Marks.fill(Shapes.class,
                    "atomic { " + S + "Thrown:@thrown-in ; " + S + "Caught:@caught-out }"), "").get("state"));
            bench.awaitTurns(5);
            bench.assertUnharmed();
            assertEquals(0, agent.faults(), jvm::output);
        }
    }
}
