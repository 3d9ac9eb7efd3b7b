package dev.loom.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.loom.it.harness.AgentClient;
import dev.loom.it.harness.Await;
import dev.loom.it.harness.BenchClient;
import dev.loom.it.harness.Jdk;
import dev.loom.it.harness.Jvm;
import dev.loom.it.harness.Marks;
import dev.loom.it.harness.OtherAgentJar;
import dev.loom.it.targets.Holes;
import dev.loom.it.targets.OtherAgentMXBean;
import dev.loom.it.targets.Shapes;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import javax.management.openmbean.CompositeData;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Ways in which ACTIVE could be said too early, or the application be harmed; docs/proof.md lists them with the tests of the others. */
@DisplayName("Holes")
class HolesTest {

    static Stream<Jdk> jdks() {
        return Jdk.all().stream();
    }

    static Stream<Arguments> threads() {
        List<Arguments> all = new ArrayList<>();
        for (Jdk jdk : Jdk.all()) {
            all.add(Arguments.of(jdk, "platform"));
            if (jdk.hasVirtualThreads()) {
                all.add(Arguments.of(jdk, "virtual"));
            }
        }
        return all.stream();
    }

    private static String filter(String situation) {
        String name = Holes.class.getName();
        return Marks.fill(Holes.class, "atomic { " + name + ":@" + situation + "-in ; " + name + ":@" + situation + "-out }");
    }

    private static Jvm start(Jdk jdk, String situation, String threads) {
        Jvm.Builder builder = Jvm.of(jdk, Holes.class).withAgent();
        return (threads.equals("virtual") ? builder.arguments(situation, threads) : builder.arguments(situation)).start();
    }

    @ParameterizedTest(name = "{0}, {1} threads")
    @MethodSource("threads")
    @DisplayName("1: a frame that moves while it is inside the region holds no lock, is shown, and ACTIVE waits until it has left")
    void movedInsideTheRegion(Jdk jdk, String threads) {
        try (Jvm jvm = start(jdk, "inside", threads)) {
            jvm.awaitOutput("ready");
            AgentClient agent = new AgentClient(jvm);
            BenchClient bench = new BenchClient(jvm);
            bench.bean().command("job a");
            bench.awaitTurnsOf("a", 1);
            AgentClient.accepted(agent.install("holes", filter("inside"), ""));
            for (int turn = 2; turn < 5; turn++) {
                bench.bean().command("turn a");
                bench.awaitTurnsOf("a", turn);
                assertEquals("EVACUATING", agent.state("holes"));
            }
            Await.until("it is known to have moved", () -> isShownAsUnprotected(agent.stragglers("holes")));
            CompositeData straggler = agent.stragglers("holes").get(0);
            assertTrue(((String) straggler.get("thread")).startsWith(threads.equals("virtual") ? "virtual-" : "a"), straggler::toString);
            assertTrue(((String) straggler.get("location")).startsWith(Holes.class.getName() + ".inside(Holes.java:"), straggler::toString);
            assertTrue(List.of((String[]) straggler.get("stack")).contains(straggler.get("location")), straggler::toString);
            long since = (Long) straggler.get("sinceMillis");
            Await.until("it grows older", () -> (Long) agent.stragglers("holes").get(0).get("sinceMillis") > since);
            bench.bean().command("leave a");
            agent.await("holes", "ACTIVE");
            assertEquals(List.of(), agent.stragglers("holes"));
            Map<String, Long> atActive = bench.overlaps();
            bench.bean().command("job a");
            bench.awaitTurnsOf("a", 6);
            bench.bean().command("job b");
            // time for b to come in, if nothing kept it out; less than the guard lets it wait
            LockSupport.parkNanos(500_000_000);
            assertEquals(0, bench.bean().beatsOf("b"));
            bench.bean().command("leave a");
            bench.awaitTurnsOf("b", 1);
            bench.bean().command("leave b");
            bench.awaitTurnsOf("b", 2);
            bench.assertNoOverlaps(atActive, "while ACTIVE");
            agent.removed("holes");
            bench.assertUnharmed();
            assertEquals(0, agent.faults(), jvm::output);
        }
    }

    private static boolean isShownAsUnprotected(List<CompositeData> stragglers) {
        return stragglers.size() == 1 && ((String) stragglers.get(0).get("reason")).contains("does not hold the region's lock");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("jdks")
    @DisplayName("4: a frame with a local that cannot be restored stays, is shown, and goes on unharmed until its method returns")
    void localThatCannotBeRestored(Jdk jdk) {
        try (Jvm jvm = start(jdk, "hidden", "platform")) {
            jvm.awaitOutput("ready");
            AgentClient agent = new AgentClient(jvm);
            BenchClient bench = new BenchClient(jvm);
            AgentClient.accepted(agent.install("holes", filter("hidden"), ""));
            for (int job = 1; job < 4; job++) {
                bench.bean().command("job a");
                bench.awaitTurnsOf("a", job);
            }
            assertEquals("EVACUATING", agent.state("holes"));
            assertEquals(2, agent.stragglers("holes").size());
            bench.bean().command("leave a");
            bench.bean().command("leave b");
            agent.await("holes", "ACTIVE");
            long hits = (Long) agent.hooks("holes").get(0).get("hits");
            bench.bean().command("job a");
            bench.awaitTurnsOf("a", 5);
            assertEquals(hits + 1, agent.hooks("holes").get(0).get("hits"));
            agent.removed("holes");
            bench.assertUnharmed();
            assertEquals(0, agent.faults(), jvm::output);
        }
    }

    @ParameterizedTest(name = "{0}, {1} threads")
    @MethodSource("threads")
    @DisplayName("6: a frame inside the region below 3,000 others is not overlooked, though the thread runs all the time")
    void deepFrame(Jdk jdk, String threads) {
        try (Jvm jvm = start(jdk, "deep", threads)) {
            jvm.awaitOutput("ready");
            AgentClient agent = new AgentClient(jvm);
            BenchClient bench = new BenchClient(jvm);
            bench.bean().command("turn a");
            bench.awaitTurnsOf("a", 1);
            AgentClient.accepted(agent.install("holes", filter("deep"), ""));
            Await.until("a straggler", () -> !agent.stragglers("holes").isEmpty());
            assertEquals("EVACUATING", agent.state("holes"));
            bench.bean().command("leave a");
            agent.await("holes", "ACTIVE");
            bench.bean().command("job a");
            bench.awaitTurnsOf("a", 4);
            assertTrue((Long) agent.hooks("holes").get(0).get("hits") > 0);
            agent.removed("holes");
            bench.assertUnharmed();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("jdks")
    @DisplayName("15: while another agent's transformer holds up the install, the application runs and every question is answered")
    void slowTransformer(Jdk jdk) throws Exception {
        try (Jvm jvm = Jvm.of(jdk, Shapes.class).withAgent().arguments("1", "compute").start()) {
            jvm.awaitOutput("ready");
            AgentClient agent = new AgentClient(jvm);
            BenchClient bench = new BenchClient(jvm);
            OtherAgentMXBean other = OtherAgentJar.attach(jvm);
            String name = Shapes.class.getName() + "$Compute";
            String filter = Marks.fill(Shapes.class, "atomic { " + name + ":@compute-in ; " + name + ":@compute-out }");
            other.hold(name);
            CompletableFuture<Object> install = CompletableFuture.supplyAsync(() -> agent.install("compute", filter, "").get("state"));
            Await.until("the other agent is asked", other::isHolding);
            for (int i = 0; i < 5; i++) {
                agent.agentAttribute("Mode");
                agent.state("compute");
                bench.awaitTurns(5);
            }
            assertFalse(install.isDone());
            other.hold(null);
            install.get(60, TimeUnit.SECONDS);
            agent.await("compute", "ACTIVE");
            agent.removed("compute");
            bench.assertUnharmed();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("jdks")
    @DisplayName("16: a frame that has moved stands on its own line, above one shell on a line that no source has, however often it moved")
    void tracesOfMovedFrames(Jdk jdk) throws Exception {
        try (Jvm jvm = start(jdk, "inside", "platform")) {
            jvm.awaitOutput("ready");
            AgentClient agent = new AgentClient(jvm);
            BenchClient bench = new BenchClient(jvm);
            int line = Integer.parseInt(Marks.fill(Holes.class, "@inside-wait"));
            bench.bean().command("job a");
            bench.awaitTurnsOf("a", 1);
            Await.until("it waits inside", () -> framesOf(jvm).get(0).getLineNumber() == line);
            assertEquals(1, framesOf(jvm).size());
            for (int round = 0; round < 4; round++) {
                bench.bean().command("leave a");
                bench.awaitTurnsOf("a", 2 + 2 * round);
                agent.installed("holes", filter("inside"));
                bench.bean().command("job a");
                bench.awaitTurnsOf("a", 3 + 2 * round);
                Await.until("it waits inside", () -> framesOf(jvm).get(0).getLineNumber() == line);
                List<StackTraceElement> frames = framesOf(jvm);
                assertEquals("Holes.java", frames.get(0).getFileName());
                assertEquals(List.of(line, 65_535), frames.stream().map(StackTraceElement::getLineNumber).toList());
                agent.removed("holes");
            }
            bench.assertUnharmed();
        }
    }

    /** The frames of worker a's method, top first. */
    private static List<StackTraceElement> framesOf(Jvm jvm) throws Exception {
        ThreadMXBean threads =
                ManagementFactory.newPlatformMXBeanProxy(jvm.jmx(), ManagementFactory.THREAD_MXBEAN_NAME, ThreadMXBean.class);
        return Arrays.stream(threads.dumpAllThreads(false, false))
                .filter(info -> info.getThreadName().equals("a"))
                .flatMap(info -> Arrays.stream(info.getStackTrace()))
                .filter(frame -> frame.getClassName().equals(Holes.class.getName()) && frame.getMethodName().equals("inside"))
                .toList();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("jdks")
    @DisplayName("17: a frame that the JVM holds up inside the region, on a line that calls nothing, to link an update point, is in the way")
    void linkingInsideTheRegion(Jdk jdk) {
        try (Jvm jvm = start(jdk, "linking", "platform")) {
            jvm.awaitOutput("ready");
            AgentClient agent = new AgentClient(jvm);
            BenchClient bench = new BenchClient(jvm);
            Await.until("a worker links", () -> bench.bean().command("linking").equals("true"));
            String name = Holes.class.getName() + "$Linking";
            String filter = Marks.fill(Holes.class, "atomic { " + name + ":@linking-in ; " + name + ":@linking-out }");
            AgentClient.accepted(agent.install("holes", filter, ""));
            Await.until("it is shown", () -> !agent.stragglers("holes").isEmpty() || agent.state("holes").equals("ACTIVE"));
            String here = Marks.fill(Holes.class, name + ".run(Holes.java:@linking-here)");
            assertTrue(
                    agent.stragglers("holes").stream().anyMatch(straggler -> straggler.get("location").equals(here)),
                    () -> agent.state("holes") + ", not in the way: " + agent.stragglers("holes").stream().map(AgentClient::straggler).toList());
            assertEquals("EVACUATING", agent.state("holes"));
            bench.bean().command("link");
            agent.await("holes", "ACTIVE");
            Map<String, Long> atActive = bench.overlaps();
            for (int turn = 2; turn < 20; turn++) {
                bench.bean().command("turn a");
                bench.bean().command("turn b");
                bench.awaitTurnsOf("a", turn);
                bench.awaitTurnsOf("b", turn);
            }
            bench.assertNoOverlaps(atActive, "while ACTIVE");
            agent.removed("holes");
            bench.assertUnharmed();
            assertEquals(0, agent.faults(), jvm::output);
        }
    }
}
