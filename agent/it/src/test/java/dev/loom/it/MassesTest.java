package dev.loom.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.loom.it.harness.AgentClient;
import dev.loom.it.harness.Await;
import dev.loom.it.harness.BenchClient;
import dev.loom.it.harness.Jdk;
import dev.loom.it.harness.Jvm;
import dev.loom.it.harness.Marks;
import dev.loom.it.targets.Masses;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Workers that are in their loops for ever, one or very many. The times are in docs/performance.md, by {@link EvacuationTimes}. */
@DisplayName("A blocked worker, a compute loop, 1,000 platform workers, 10,000 virtual threads")
class MassesTest {

    static Stream<Arguments> masses() {
        List<Arguments> all = new ArrayList<>();
        for (Jdk jdk : Jdk.all()) {
            all.add(Arguments.of(jdk, "compute", 1));
            all.add(Arguments.of(jdk, "platform", 1));
            all.add(Arguments.of(jdk, "platform", 1_000));
            if (jdk.hasVirtualThreads()) {
                all.add(Arguments.of(jdk, "virtual", 10_000));
            }
        }
        return all.stream();
    }

    @ParameterizedTest(name = "{0}, {2} {1} threads")
    @MethodSource("masses")
    @DisplayName("all are evacuated, blocked in take() or in a loop that never waits: their very next job is hooked")
    void evacuated(Jdk jdk, String kind, int count) {
        boolean computes = kind.equals("compute");
        String board = computes ? "compute" : "masses";
        String name = Masses.class.getName();
        String filter = Marks.fill(Masses.class, "atomic { " + name + ":@" + board + "-in ; " + name + ":@" + board + "-out }");
        try (Jvm jvm = Jvm.of(jdk, Masses.class).withAgent().arguments(kind, Integer.toString(count)).start()) {
            jvm.awaitOutput("ready");
            AgentClient agent = new AgentClient(jvm);
            BenchClient bench = new BenchClient(jvm);
            for (int round = 0; round < 2; round++) {
                agent.installed("masses", filter);
                long before = bench.overlaps().get(board);
                if (computes) {
                    bench.awaitTurns(1_000);
                    assertTrue((Long) agent.hooks("masses").get(0).get("hits") > 900);
                } else {
                    long entries = bench.bean().getEntries().get(board);
                    int jobs = 3 * count;
                    bench.bean().command("feed " + jobs);
                    Await.until("jobs done", Await.LONG, () -> bench.bean().getEntries().get(board) == entries + jobs,
                            () -> bench.bean().getEntries() + " " + bench.bean().getErrors());
                    assertEquals((long) jobs, agent.hooks("masses").get(0).get("hits"), "each job is hooked");
                }
                assertEquals(before, bench.overlaps().get(board));
                agent.removed("masses");
                bench.assertUnharmed();
            }
            assertEquals(0, agent.faults(), jvm::output);
        }
    }
}
