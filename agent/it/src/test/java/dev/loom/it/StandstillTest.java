package dev.loom.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.loom.it.harness.AgentClient;
import dev.loom.it.harness.Await;
import dev.loom.it.harness.BenchClient;
import dev.loom.it.harness.Jdk;
import dev.loom.it.harness.Jvm;
import dev.loom.it.harness.Marks;
import dev.loom.it.harness.OtherAgentJar;
import dev.loom.it.targets.OtherAgentMXBean;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code r <> *} in real JVMs; the program itself counts what moves while a thread is in the region. */
@DisplayName("Unilateral exclusion: nobody else runs while a thread is in the region")
class StandstillTest {

    private static final String PROGRAM = "dev.loom.it.targets.Alone";
    private static final String SCOPE = " <> * in dev.loom.it.targets.**";

    static Stream<Jdk> jdks() {
        return Jdk.all().stream();
    }

    static Stream<Arguments> workers() {
        return jdks().flatMap(jdk -> Stream.of("loops", "pool", "queue", "blocked", "jdk", "virtual")
                .filter(workers -> !workers.equals("virtual") || jdk.hasVirtualThreads())
                .map(workers -> Arguments.of(jdk, workers)));
    }

    private static Jvm program(Jdk jdk, String... workers) {
        try {
            return Jvm.of(jdk, Class.forName(PROGRAM)).withAgent().arguments(workers).start().awaitOutput("ready");
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    private static long number(BenchClient bench, String command) {
        return Long.parseLong(bench.bean().command(command));
    }

    private static void rotates(BenchClient bench) {
        long turns = number(bench, "turns");
        bench.bean().command("rotate");
        Await.until("a rotation", () -> number(bench, "turns") > turns);
    }

    /** Where others keep the processors, a worker may get no turn in a rotation: then another is made. */
    private static void othersMoveInARotation(BenchClient bench, String when) {
        long moved = number(bench, "moved");
        Await.until(when + " the workers go on in a rotation", () -> {
            rotates(bench);
            return number(bench, "moved") > moved;
        });
    }

    private static void staysInside(BenchClient bench) {
        bench.bean().command("stay");
        Await.until("inside", () -> Boolean.parseBoolean(bench.bean().command("inside")));
        long counts = number(bench, "counts");
        assertEquals(counts, number(bench, "counts"), "nobody runs");
    }

    private static void leaves(BenchClient bench) {
        bench.bean().command("leave");
        Await.until("left", () -> !Boolean.parseBoolean(bench.bean().command("inside")));
    }

    private static long hooks(AgentClient agent, String counter) {
        return agent.hooks("alone").stream().mapToLong(hook -> (Long) hook.get(counter)).sum();
    }

    private static void goesOn(BenchClient bench) {
        long before = number(bench, "counts");
        Await.until("the workers go on", () -> number(bench, "counts") > before);
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("workers")
    @DisplayName("workers of all sorts stop while a thread is in the region, and go on behind it; before and after they do not stop")
    void nobodyElseRuns(Jdk jdk, String workers) {
        try (Jvm jvm = program(jdk, workers)) {
            AgentClient agent = new AgentClient(jvm);
            BenchClient bench = new BenchClient(jvm);
            goesOn(bench);
            othersMoveInARotation(bench, "without a filter");

            agent.installed("alone", PROGRAM + "#rotate" + SCOPE);
            long moved = number(bench, "moved");
            long turns = number(bench, "turns");
            rotates(bench);
            bench.bean().command("rotations");
            Await.until("both rotators", () -> number(bench, "turns") >= turns + 41);
            bench.bean().command("nested");
            Await.until("nested", () -> number(bench, "turns") >= turns + 43);
            assertEquals(moved, number(bench, "moved"), () -> "counters moved in the region; bypasses " + hooks(agent, "bypasses")
                    + "\n" + jvm.output());
            assertEquals(0, hooks(agent, "bypasses"), jvm::output);
            assertEquals(43, hooks(agent, "hits"));
            assertTrue(hooks(agent, "contended") > 0);
            goesOn(bench);
            assertEquals("ACTIVE", agent.state("alone"));

            agent.removed("alone");
            othersMoveInARotation(bench, "after the removal");
            goesOn(bench);
            bench.assertUnharmed();
            assertEquals(0, agent.faults(), () -> bench.bean().command("faults") + "\n" + jvm.output());
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("jdks")
    @DisplayName("together with exclusion, keys and an order in one filter each holds, and nobody is let go on")
    void togetherWithTheOthers(Jdk jdk) throws ClassNotFoundException {
        try (Jvm jvm = program(jdk, "mixed", "loops")) {
            AgentClient agent = new AgentClient(jvm);
            BenchClient bench = new BenchClient(jvm);
            goesOn(bench);
            Await.until("the races show", () -> number(bench, "violations") > 0);
            othersMoveInARotation(bench, "without a filter");

            agent.installed("alone", Marks.fill(Class.forName(PROGRAM), "use " + PROGRAM + """

                    Alone#guarded <> Alone#rotate
                    Alone#rotate <> * in dev.loom.it.targets.**
                    atomic Alone#lane by key
                    Alone:@ready > Alone:@serve each within 1m
                    """));
            number(bench, "violations");
            long ready = number(bench, "ready");
            long served = number(bench, "served");
            long moved = number(bench, "moved");
            long turns = number(bench, "turns");
            for (int i = 0; i < 5; i++) {
                rotates(bench);
                goesOn(bench);
            }
            bench.bean().command("nested");
            Await.until("nested", () -> number(bench, "turns") >= turns + 7);
            assertEquals(moved, number(bench, "moved"), jvm::output);
            assertEquals(0, number(bench, "violations"), jvm::output);
            long servedSince = number(bench, "served") - served;
            long readySince = number(bench, "ready") - ready;
            // some may have been ready, and not been used up, when the counting began; without the order it is a thousand times as many
            assertTrue(servedSince > 0 && servedSince <= readySince + 50, () -> servedSince + " served, " + readySince + " ready");
            assertEquals(0, hooks(agent, "bypasses"), () -> agent.hooks("alone") + "\n" + jvm.output());
            assertEquals(0, hooks(agent, "timeouts"), jvm::output);
            assertEquals(false, agent.filterAttribute("alone", "Harmful"));
            agent.removed("alone");
            goesOn(bench);
            bench.assertUnharmed();
            assertEquals(0, agent.faults(), () -> bench.bean().command("faults") + "\n" + jvm.output());
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("jdks")
    @DisplayName("of two such filters each holds, also when the other is removed")
    void twoFilters(Jdk jdk) {
        try (Jvm jvm = program(jdk, "loops", "queue")) {
            AgentClient agent = new AgentClient(jvm);
            BenchClient bench = new BenchClient(jvm);
            goesOn(bench);
            agent.installed("alone", PROGRAM + "#rotate" + SCOPE);
            agent.installed("other", PROGRAM + "#nested <> *");
            assertEquals("ACTIVE", agent.state("alone"));
            bench.bean().command("rotations");
            bench.bean().command("nested");
            Await.until("all", () -> number(bench, "turns") >= 42);
            assertEquals(0, number(bench, "moved"), jvm::output);
            agent.removed("alone");
            bench.bean().command("nested");
            Await.until("nested", () -> number(bench, "turns") >= 44);
            assertEquals(0, number(bench, "moved"), jvm::output);
            agent.installed("alone", PROGRAM + "#rotate" + SCOPE);
            agent.removed("other");
            rotates(bench);
            assertEquals(0, number(bench, "moved"), jvm::output);
            assertEquals(0, hooks(agent, "bypasses"), jvm::output);
            goesOn(bench);
            bench.assertUnharmed();
            assertEquals(0, agent.faults(), () -> bench.bean().command("faults") + "\n" + jvm.output());
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("jdks")
    @DisplayName("a filter that observes counts who ran meanwhile, and stops nobody")
    void observed(Jdk jdk) {
        try (Jvm jvm = program(jdk, "loops")) {
            AgentClient agent = new AgentClient(jvm);
            BenchClient bench = new BenchClient(jvm);
            AgentClient.accepted(agent.install("alone", PROGRAM + "#rotate" + SCOPE, "mode=observe"));
            agent.await("alone", "OBSERVING");
            rotates(bench);
            Await.until("overlaps", () -> {
                rotates(bench);
                return hooks(agent, "overlaps") >= 2;
            });
            othersMoveInARotation(bench, "where it only observes");
            agent.removed("alone");
            bench.assertUnharmed();
            assertEquals(0, agent.faults(), () -> bench.bean().command("faults") + "\n" + jvm.output());
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("jdks")
    @DisplayName("removal while a thread is inside lets the others go on at once")
    void removedWhileInside(Jdk jdk) {
        try (Jvm jvm = program(jdk, "loops", "queue")) {
            AgentClient agent = new AgentClient(jvm);
            BenchClient bench = new BenchClient(jvm);
            agent.installed("alone", PROGRAM + "#stay" + SCOPE);
            staysInside(bench);
            agent.removed("alone");
            goesOn(bench);
            leaves(bench);
            agent.installed("alone", PROGRAM + "#rotate" + SCOPE);
            long moved = number(bench, "moved");
            rotates(bench);
            assertEquals(moved, number(bench, "moved"));
            bench.assertUnharmed();
            assertEquals(0, agent.faults(), () -> bench.bean().command("faults") + "\n" + jvm.output());
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("jdks")
    @DisplayName("detach while a thread is inside lets the others go on, and the agent goes")
    void detachedWhileInside(Jdk jdk) {
        try (Jvm jvm = program(jdk, "loops", "queue")) {
            AgentClient agent = new AgentClient(jvm);
            BenchClient bench = new BenchClient(jvm);
            agent.installed("alone", PROGRAM + "#stay" + SCOPE);
            staysInside(bench);
            agent.detach();
            goesOn(bench);
            assertEquals("true", bench.bean().command("inside"), "the thread is still where it was");
            Await.until("the agent has gone", () -> !agent.isThere());
            leaves(bench);
            othersMoveInARotation(bench, "after the detach");
            goesOn(bench);
            bench.assertUnharmed();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("jdks")
    @DisplayName("a thread that holds a monitor which the region needs is let go on, and counted")
    void monitorThatTheRegionNeeds(Jdk jdk) {
        try (Jvm jvm = program(jdk, "loops")) {
            AgentClient agent = new AgentClient(jvm);
            BenchClient bench = new BenchClient(jvm);
            bench.bean().command("hold");
            agent.installed("alone", PROGRAM + "#needMonitor" + SCOPE);
            bench.bean().command("need");
            Await.until("the holder is let go on", () -> hooks(agent, "bypasses") > 0);
            bench.bean().command("release");
            Await.until("the region is left", () -> number(bench, "turns") == 1);
            Await.until("the filter is marked harmful", () -> (Boolean) agent.filterAttribute("alone", "Harmful"));
            agent.removed("alone");
            assertEquals(0, agent.faults(), () -> bench.bean().command("faults") + "\n" + jvm.output());
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("jdks")
    @DisplayName("System.exit inside the region ends the JVM, though its shutdown hook runs code of the scope")
    void exitInside(Jdk jdk) {
        try (Jvm jvm = program(jdk, "loops", "queue", "pool")) {
            AgentClient agent = new AgentClient(jvm);
            BenchClient bench = new BenchClient(jvm);
            agent.installed("alone", PROGRAM + "#exit" + SCOPE);
            bench.bean().command("hook");
            bench.bean().command("exit");
            assertEquals(7, jvm.awaitExit(Duration.ofSeconds(30)));
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("jdks")
    @DisplayName("classes that come later stop too; another scope replaces the first; removal gives the bytes back")
    void laterClassesAnotherScopeAndTheBytes(Jdk jdk) {
        try (Jvm jvm = program(jdk)) {
            AgentClient agent = new AgentClient(jvm);
            BenchClient bench = new BenchClient(jvm);
            OtherAgentMXBean other = OtherAgentJar.attach(jvm);
            String before = other.digest(PROGRAM + "$Fence");
            agent.installed("alone", PROGRAM + "#rotate" + SCOPE);
            assertNotEquals(before, other.digest(PROGRAM + "$Fence"));
            bench.bean().command("late");
            goesOn(bench);
            rotates(bench);
            assertEquals(0, number(bench, "moved"), jvm::output);

            agent.installed("alone", PROGRAM + "#rotate <> * in org.acme.**");
            Await.until("classes out of the scope as before", () -> other.digest(PROGRAM + "$Fence").equals(before));
            othersMoveInARotation(bench, "out of the scope");

            agent.installed("alone", PROGRAM + "#rotate <> *");
            long moved = number(bench, "moved");
            rotates(bench);
            assertEquals(moved, number(bench, "moved"), jvm::output);
            assertEquals(0, hooks(agent, "bypasses"), jvm::output);
            agent.removed("alone");
            Await.until("classes as before", () -> other.digest(PROGRAM + "$Fence").equals(before));
            goesOn(bench);
            bench.assertUnharmed();
            assertEquals(0, agent.faults(), () -> bench.bean().command("faults") + "\n" + jvm.output());
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("jdks")
    @DisplayName("frames older than an attach are named as stragglers")
    void attached(Jdk jdk) throws ClassNotFoundException {
        try (Jvm jvm = Jvm.of(jdk, Class.forName(PROGRAM)).arguments("loops").start().awaitOutput("ready")) {
            BenchClient bench = new BenchClient(jvm);
            goesOn(bench);
            jvm.attachAgent("");
            AgentClient agent = new AgentClient(jvm);
            AgentClient.accepted(agent.install("alone", PROGRAM + "#rotate" + SCOPE, ""));
            Await.until("stragglers", () -> !agent.stragglers("alone").isEmpty());
            assertTrue(agent.stragglers("alone").stream()
                            .anyMatch(straggler -> ((String) straggler.get("reason")).contains("older than the agent")),
                    () -> agent.stragglers("alone").stream().map(AgentClient::straggler).toList().toString());
            assertEquals("EVACUATING", agent.state("alone"));
            // it does not wait for them for ever, and says so
            rotates(bench);
            assertTrue(hooks(agent, "bypasses") > 0, jvm::output);
            agent.removed("alone");
            goesOn(bench);
            assertEquals(List.of(), bench.bean().getErrors());
        }
    }
}
