package dev.loom.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.loom.it.harness.AgentClient;
import dev.loom.it.harness.Await;
import dev.loom.it.harness.BenchClient;
import dev.loom.it.harness.Jdk;
import dev.loom.it.harness.Jvm;
import dev.loom.it.harness.Marks;
import dev.loom.it.targets.Orders;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import javax.management.openmbean.CompositeData;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Execution order in real JVMs. All workers are in their loops, in old code, before any filter comes. */
@DisplayName("Execution order: e1 > e2, chains, {n}, keys, each, within, observe")
class OrderConstraintsTest {

    private static final int ROUNDS = 50;
    private static final String ALIAS = "use dev.loom.it.targets.Orders.Order\n";

    static Stream<Jdk> jdks() {
        return Jdk.all().stream();
    }

    /**
     * One order.
     *
     * @param round who does how many steps, and what the program counts as a violation
     */
    private record Case(String name, String order, String round) {}

    private static final List<Case> CASES = List.of(
            new Case("two events", "Order:@first > Order:@second within 1m", "first,second 1 latch"),
            new Case("a chain", "Order:@first > Order:@second > Order:@third within 1m", "first,second,third 1 latch"),
            new Case("a count", "Order:@first {2} > Order:@second within 1m", "first,second 1 count"),
            new Case("a count that is a field", "Order:@first {this.parties} > Order:@second within 1m", "first,second 1 count"),
            new Case("keys by value", "Order:@first by key > Order:@second by key within 1m", "first,second 1 key"),
            new Case("keys by identity", "Order:@first by this > Order:@second by this within 1m", "first,second 1 key"),
            new Case("each", "Order:@first by key > Order:@second by key each within 1m", "first,second 40 each"),
            new Case("each of a chain", "Order:@first by this > Order:@second by this > Order:@third by this each within 1m",
                    "first,second,third 40 each"));

    private static String filter(String constraint) {
        return Marks.fill(Orders.class, ALIAS + constraint);
    }

    private static long round(BenchClient bench, String round) {
        bench.bean().command("round " + round);
        Await.until("the round is over", Await.LONG, () -> bench.bean().command("idle").equals("true"),
                () -> bench.bean().getBeats().toString());
        return violations(bench);
    }

    private static long violations(BenchClient bench) {
        return Long.parseLong(bench.bean().command("violations"));
    }

    private static long sum(AgentClient agent, String filter, String counter) {
        return agent.hooks(filter).stream().mapToLong(hook -> (Long) hook.get(counter)).sum();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("jdks")
    @DisplayName("without the filter the steps come too early; with it never, from ACTIVE on; and after its removal again")
    void holds(Jdk jdk) {
        try (Jvm jvm = Jvm.of(jdk, Orders.class).withAgent().start()) {
            jvm.awaitOutput("ready");
            AgentClient agent = new AgentClient(jvm);
            BenchClient bench = new BenchClient(jvm);
            for (Case one : CASES) {
                Await.until(one.name() + ": the race shows", () -> round(bench, one.round()) > 0);
                // once more where, as it happened, nobody was early in that round
                boolean prevented = false;
                for (int tries = 0; !prevented && tries < ROUNDS; tries++) {
                    prevented = prevents(agent, bench, one);
                }
                assertTrue(prevented, () -> one.name() + ": nobody had to wait in " + ROUNDS + " rounds");
            }
            Case last = CASES.get(0);
            Await.until("the race shows again", () -> round(bench, last.round()) > 0);
            bench.assertUnharmed();
            assertEquals(0, agent.faults(), jvm::output);
        }
    }

    /** One round under the filter; returns whether somebody had to wait. */
    private static boolean prevents(AgentClient agent, BenchClient bench, Case one) {
        agent.installed("order", filter(one.order()));
        assertEquals(0, round(bench, one.round()), one.name());
        assertEquals(0, sum(agent, "order", "timeouts"), one.name());
        assertEquals(0, sum(agent, "order", "bypasses"), one.name());
        List<CompositeData> hooks = agent.hooks("order");
        assertEquals(one.order().split(" > ").length, hooks.size(), one.name());
        for (CompositeData hook : hooks) {
            assertEquals("event", hook.get("kind"));
            long steps = Long.parseLong(one.round().split(" ")[1]) * 2;
            assertEquals(steps, hook.get("hits"), () -> one.name() + " " + hook.get("location"));
        }
        long contended = sum(agent, "order", "contended");
        agent.removed("order");
        return contended > 0;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("jdks")
    @DisplayName("an event that happened before delays at most once; removal lets waiters go; a replacement forgets nothing")
    void ends(Jdk jdk) {
        try (Jvm jvm = Jvm.of(jdk, Orders.class).withAgent().start()) {
            jvm.awaitOutput("ready");
            AgentClient agent = new AgentClient(jvm);
            BenchClient bench = new BenchClient(jvm);
            List<String> told = new CopyOnWriteArrayList<>();
            agent.listen((notification, handback) -> {
                if (notification.getType().equals("dev.loom.filter.timeout")) {
                    told.add(notification.getMessage());
                }
            });
            round(bench, "first 1 none");
            agent.installed("late", filter("Order:@first by this > Order:@second by this within 300ms"));
            round(bench, "second 1 none");
            assertEquals(2, sum(agent, "late", "timeouts"), "one for each key");
            round(bench, "second 50 none");
            assertEquals(2, sum(agent, "late", "timeouts"), "and then never again");
            Await.until("the timeout is told", () -> !told.isEmpty());
            agent.removed("late");

            // nothing that happened under the filter before counts for the next
            String order = "Order:@first > Order:@second within 1h";
            agent.installed("kept", filter(order));
            bench.bean().command("round second 1 none");
            Await.until("the workers wait", () -> sum(agent, "kept", "hits") == 2);
            assertEquals("false", bench.bean().command("idle"));
            agent.remove("kept");
            Await.until("removal lets them go", () -> bench.bean().command("idle").equals("true"));
            agent.await("kept", "REMOVED");

            agent.installed("kept", filter(order));
            round(bench, "first 1 none");
            agent.installed("kept", filter(order + "\natomic Order:@third"));
            round(bench, "second,third 5 none");
            assertEquals(0, sum(agent, "kept", "contended"), "the latch is still open");
            agent.removed("kept");
            bench.assertUnharmed();
            assertEquals(0, agent.faults(), jvm::output);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("jdks")
    @DisplayName("observe counts what comes too early, and keeps nobody waiting")
    void observes(Jdk jdk) {
        try (Jvm jvm = Jvm.of(jdk, Orders.class).withAgent().start()) {
            jvm.awaitOutput("ready");
            AgentClient agent = new AgentClient(jvm);
            BenchClient bench = new BenchClient(jvm);
            for (String text : List.of("observe Order:@first by key > Order:@second by key each within 1h",
                    "observe Order:@first by key > Order:@second by key within 1h")) {
                String round = text.contains("each") ? "first,second 20 each" : "first,second 1 key";
                long seen = 0;
                for (int tries = 0; seen == 0 && tries < ROUNDS; tries++) {
                    agent.installed("watch", filter(text));
                    assertEquals(0, sum(agent, "watch", "overlaps"));
                    seen = round(bench, round);
                    // the hook looks earlier than the program, and hears of the first step later
                    assertTrue(sum(agent, "watch", "overlaps") >= seen, text);
                    assertEquals(0, sum(agent, "watch", "contended"));
                    assertEquals(0, sum(agent, "watch", "waitNanosTotal"));
                    agent.removed("watch");
                }
                assertTrue(seen > 0, "no race in " + ROUNDS + " rounds");
            }
            AgentClient.accepted(agent.install("mode", filter("Order:@first > Order:@second within 1h"), "mode=observe"));
            agent.await("mode", "OBSERVING");
            round(bench, "second 3 none");
            assertEquals(6, sum(agent, "mode", "overlaps"));
            bench.assertUnharmed();
            assertEquals(0, agent.faults(), jvm::output);
        }
    }
}
