package dev.loom.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.loom.it.harness.AgentClient;
import dev.loom.it.harness.BenchClient;
import dev.loom.it.harness.Jdk;
import dev.loom.it.harness.Jvm;
import dev.loom.it.harness.Marks;
import dev.loom.it.targets.Shapes;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Regions of every shape, in workers that never leave their loops, under installs and removals without end. */
@DisplayName("Install/remove cycles under load")
class ShapesTest {

    static final String PACKAGE = "dev.loom.it.targets.";

    /** One constraint for each shape. */
    static final String FILTER = """
            filter "shapes" {
                use dev.loom.it.targets.Shapes$Take as Take
                use dev.loom.it.targets.Shapes$Compute as Compute
                use dev.loom.it.targets.Shapes$Thrown as Thrown
                use dev.loom.it.targets.Shapes$Caught as Caught
                use dev.loom.it.targets.Shapes$Final as Final
                use dev.loom.it.targets.Shapes$Jumps as Jumps
                use dev.loom.it.targets.Shapes$Span as Span
                use dev.loom.it.targets.Shapes$Sync$Own as Own
                use dev.loom.it.targets.Shapes$Monitor as Monitor
                use dev.loom.it.targets.Shapes$Methods as Methods
                use dev.loom.it.targets.Shapes$Methods$Hook as Hook
                use dev.loom.it.targets.Shapes$Methods$Hooked as Hooked
                use dev.loom.it.targets.Shapes$Recursion as Recursion
                use dev.loom.it.targets.Shapes$Keyed as Keyed
                use dev.loom.it.targets.Shapes$Shared as Shared
                use dev.loom.it.targets.Shapes$Wide as Wide

                atomic { Take:@take-in ; Take:@take-out }
                atomic { Compute:@compute-in ; Compute:@compute-out }
                atomic { Thrown:@thrown-in ; Thrown:@thrown-throw, Thrown:@thrown-out }
                atomic { Caught:@caught-in ; Caught:@caught-out, Caught:@caught-handler }
                atomic { Final:@final-in ; Final:@final-out }
                atomic { Jumps:@jumps-in ; Jumps:@jumps-continue, Jumps:@jumps-break, Jumps:@jumps-return, Jumps:@jumps-out }
                atomic Span#both
                atomic { Own:@sync-in ; Own:@sync-out }
                atomic { Monitor:@monitor-in ; Monitor:@monitor-out }
                Methods#ofClass <> Methods#ofObject <> Methods#many <> Hook#twice <> Hooked#apply
                    <> { Methods:@methods-lambda-in ; Methods:@methods-lambda-out }
                atomic Recursion#down
                atomic { Keyed:@self-in ; Keyed:@self-out } by this
                atomic Keyed#argument by some
                atomic { Keyed:@field-in ; Keyed:@field-out } by this.other
                shared { Shared:@read-in ; Shared:@read-out } <> { Shared:@write-in ; Shared:@write-out }
                atomic { Wide:@wide-in ; Wide:@wide-out }
            }
            """;

    static String filter() {
        return Marks.fill(Shapes.class, FILTER);
    }

    static Stream<Jdk> jdks() {
        return Jdk.all().stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("jdks")
    @DisplayName("No region of any shape overlaps once its filter is ACTIVE, in any of many installs and removals")
    void noOverlapsWhileActive(Jdk jdk) {
        try (Jvm jvm = Jvm.of(jdk, Shapes.class).withAgent().start()) {
            cycles(jvm, Cycles.SHORT);
        }
    }

    static void cycles(Jvm jvm, int cycles) {
        jvm.awaitOutput("ready");
        AgentClient agent = new AgentClient(jvm);
        BenchClient bench = new BenchClient(jvm);
        bench.awaitTurns(20);
        Set<String> racing = bench.overlaps().entrySet().stream().filter(e -> e.getValue() > 0).map(Map.Entry::getKey)
                .collect(java.util.stream.Collectors.toSet());
        assertTrue(racing.size() > 10, () -> "the program shows what it should show without a filter: " + bench.overlaps());
        for (int i = 0; i < cycles; i++) {
            int cycle = i;
            agent.installed("shapes", filter());
            Map<String, Long> atActive = bench.overlaps();
            bench.awaitEntries(5);
            bench.assertNoOverlaps(atActive, "in cycle " + cycle);
            agent.removed("shapes");
            bench.assertUnharmed();
        }
        bench.awaitTurns(50);
        bench.assertUnharmed();
        assertEquals(0, agent.faults(), jvm::output);
        assertFalse(bench.overlapsSince(Map.of()).isEmpty());
        assertEquals(List.of(), agent.stragglers("shapes"));
    }
}
