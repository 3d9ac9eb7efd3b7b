package dev.loom.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.loom.it.harness.AgentClient;
import dev.loom.it.harness.BenchClient;
import dev.loom.it.harness.Jdk;
import dev.loom.it.harness.Jvm;
import dev.loom.it.harness.Marks;
import dev.loom.it.targets.Nested;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Several filters on one method, and new versions of a filter in the place of old ones. */
@DisplayName("Several filters on one method; replace without a gap")
class SeveralFiltersTest {

    private static final String NAME = "dev.loom.it.targets.Nested";
    private static final List<String> BOARDS = List.of("outer", "inner", "crossing");

    static Stream<Jdk> jdks() {
        return Jdk.all().stream();
    }

    private static String region(String board) {
        return Marks.fill(Nested.class, "{ " + NAME + ":@" + board + "-in ; " + NAME + ":@" + board + "-out }");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("jdks")
    @DisplayName("nested and overlapping regions hold in any order of install and removal")
    void anyOrder(Jdk jdk) {
        try (Jvm jvm = Jvm.of(jdk, Nested.class).withAgent().start()) {
            jvm.awaitOutput("ready");
            AgentClient agent = new AgentClient(jvm);
            BenchClient bench = new BenchClient(jvm);
            long seed = Long.getLong("loom.seed", 42);
            Random random = new Random(seed);
            TreeSet<String> installed = new TreeSet<>();
            Map<String, Long> since = new HashMap<>();
            for (int i = 0; i < Cycles.SHORT; i++) {
                String board = BOARDS.get(random.nextInt(BOARDS.size()));
                if (installed.remove(board)) {
                    assertHeld(bench, since, i, seed);
                    since.remove(board);
                    agent.removed(board);
                } else {
                    agent.installed(board, "atomic " + region(board));
                    installed.add(board);
                    since.put(board, bench.overlaps().get(board));
                }
                bench.awaitTurns(5);
                assertHeld(bench, since, i, seed);
            }
            agent.removeAll();
            installed.forEach(board -> agent.await(board, "REMOVED"));
            bench.awaitTurns(20);
            bench.assertUnharmed();
            assertEquals(0, agent.faults(), jvm::output);
        }
    }

    private static void assertHeld(BenchClient bench, Map<String, Long> since, int step, long seed) {
        Map<String, Long> now = bench.overlaps();
        since.forEach((board, count) -> assertEquals(count, now.get(board), () -> board + " at step " + step + ", seed " + seed));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("jdks")
    @DisplayName("a new version takes over while no two threads are ever inside, and cancel goes back to the old one")
    void replaceHasNoGap(Jdk jdk) {
        try (Jvm jvm = Jvm.of(jdk, Nested.class).withAgent().start()) {
            jvm.awaitOutput("ready");
            AgentClient agent = new AgentClient(jvm);
            BenchClient bench = new BenchClient(jvm);
            agent.installed("one", "atomic " + region("outer"));
            Map<String, Long> atActive = bench.overlaps();
            long outer = atActive.get("outer");
            for (int i = 0; i < Cycles.SHORT; i++) {
                // another constraint each time, so another lock; the region of the outer board is in all of them
                String[] versions = {
                    "atomic " + region("outer") + "\natomic " + region("crossing"),
                    region("outer") + " <> " + region("inner"),
                    "atomic " + region("outer"),
                };
                AgentClient.accepted(agent.install("one", versions[i % versions.length], ""));
                if (i % 4 == 3 && agent.state("one").equals("EVACUATING")) {
                    try {
                        agent.cancel("one");
                    } catch (IllegalArgumentException e) {
                        assertTrue(e.getMessage().contains("no install to cancel"), e.getMessage());
                    }
                }
                agent.await("one", "ACTIVE");
                int round = i;
                assertEquals(outer, bench.overlaps().get("outer"), () -> "overlaps in round " + round);
                bench.awaitTurns(3);
            }
            assertEquals(outer, bench.overlaps().get("outer"), "overlaps at the end");
            agent.removed("one");
            bench.awaitTurns(20);
            bench.assertUnharmed();
            assertEquals(0, agent.faults(), jvm::output);
        }
    }
}
