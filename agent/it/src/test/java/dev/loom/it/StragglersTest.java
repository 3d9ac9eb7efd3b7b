package dev.loom.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.loom.it.harness.AgentClient;
import dev.loom.it.harness.Await;
import dev.loom.it.harness.BenchClient;
import dev.loom.it.harness.Jdk;
import dev.loom.it.harness.Jvm;
import dev.loom.it.targets.Sleeper;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import javax.management.openmbean.CompositeData;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Threads that stay where they are. */
@DisplayName("Stragglers, accepted, cancelled and reversed; threads inside at removal and at exit")
class StragglersTest {

    static Stream<Jdk> jdks() {
        return Jdk.all().stream();
    }

    /** A JVM with thread a inside the region. */
    private static Jvm withOneInside(Jdk jdk) {
        Jvm jvm = Jvm.of(jdk, Sleeper.class).withAgent().start();
        jvm.awaitOutput("ready");
        BenchClient bench = new BenchClient(jvm);
        bench.bean().command("stay a");
        bench.awaitTurnsOf("a", 1);
        return jvm;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("jdks")
    @DisplayName("a thread inside at the install is shown with location, state and stack; accepted; ACTIVE when it has left")
    void acceptedUntilItLeaves(Jdk jdk) {
        try (Jvm jvm = withOneInside(jdk)) {
            AgentClient agent = new AgentClient(jvm);
            BenchClient bench = new BenchClient(jvm);
            List<String> told = new CopyOnWriteArrayList<>();
            agent.listen((notification, handback) -> {
                if (notification.getType().equals("dev.loom.filter.straggler")) {
                    told.add(notification.getMessage());
                }
            });
            AgentClient.accepted(agent.install("sleeper", JmxClientTest.sleeper(), ""));
            CompositeData straggler = agent.stragglers("sleeper").get(0);
            assertEquals("a", straggler.get("thread"));
            assertEquals("TIMED_WAITING", straggler.get("threadState"));
            assertTrue(((String) straggler.get("location")).startsWith("dev.loom.it.targets.Sleeper.loop(Sleeper.java:"));
            assertTrue(((String[]) straggler.get("stack")).length > 5);
            Await.until("straggler notification", () -> !told.isEmpty());
            agent.accept("sleeper", "only a test");
            assertEquals("ACCEPTED", agent.state("sleeper"));
            assertEquals("only a test", agent.filterAttribute("sleeper", "Accepted"));
            bench.bean().command("leave");
            agent.await("sleeper", "ACTIVE");
            agent.removed("sleeper");
            bench.assertUnharmed();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("jdks")
    @DisplayName("an install is taken back by cancel, and by itself when the policy says so")
    void cancelledAndReversed(Jdk jdk) {
        try (Jvm jvm = withOneInside(jdk)) {
            AgentClient agent = new AgentClient(jvm);
            BenchClient bench = new BenchClient(jvm);
            AgentClient.accepted(agent.install("sleeper", JmxClientTest.sleeper(), ""));
            agent.cancel("sleeper");
            agent.await("sleeper", "REMOVED");
            AgentClient.accepted(agent.install("sleeper", JmxClientTest.sleeper(), "on-straggler=reverse:300ms"));
            agent.await("sleeper", "REMOVED");
            assertTrue(((String) agent.filterAttribute("sleeper", "Cause")).contains("policy"));
            bench.bean().command("leave");
            bench.awaitTurnsOf("a", 2);
            bench.assertUnharmed();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("jdks")
    @DisplayName("a thread that went in while the filter only observed is in the way when it is to enforce")
    void insideWhileObserved(Jdk jdk) {
        try (Jvm jvm = Jvm.of(jdk, Sleeper.class).withAgent().start()) {
            jvm.awaitOutput("ready");
            AgentClient agent = new AgentClient(jvm);
            BenchClient bench = new BenchClient(jvm);
            AgentClient.accepted(agent.install("sleeper", JmxClientTest.sleeper(), "mode=observe"));
            agent.await("sleeper", "OBSERVING");
            bench.bean().command("stay a");
            bench.awaitTurnsOf("a", 1);
            AgentClient.accepted(agent.install("sleeper", JmxClientTest.sleeper(), ""));
            assertEquals("EVACUATING", agent.state("sleeper"), "a is inside, and holds nothing");
            assertEquals("a", agent.stragglers("sleeper").get(0).get("thread"));
            bench.bean().command("leave");
            agent.await("sleeper", "ACTIVE");
            // back to observing, with nobody inside
            AgentClient.accepted(agent.install("sleeper", JmxClientTest.sleeper(), "mode=observe"));
            agent.await("sleeper", "OBSERVING");
            bench.bean().command("stay a");
            bench.awaitTurnsOf("a", 3);
            bench.bean().command("job b");
            bench.awaitTurnsOf("b", 1);
            bench.bean().command("leave");
            bench.awaitTurnsOf("a", 4);
            bench.assertUnharmed();
            assertEquals(0, agent.faults(), jvm::output);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("jdks")
    @DisplayName("removal with a thread inside keeps nobody waiting, and the lock is free when it has left")
    void removedWithOneInside(Jdk jdk) {
        try (Jvm jvm = Jvm.of(jdk, Sleeper.class).withAgent().start()) {
            jvm.awaitOutput("ready");
            AgentClient agent = new AgentClient(jvm);
            BenchClient bench = new BenchClient(jvm);
            agent.installed("sleeper", JmxClientTest.sleeper());
            bench.bean().command("stay a");
            bench.awaitTurnsOf("a", 1);
            bench.bean().command("job b");
            Await.until("b waits", () -> jvm.jcmd("Thread.print").contains("dev.loom.bootstrap"));
            agent.removed("sleeper");
            bench.awaitTurnsOf("b", 1);
            bench.bean().command("leave");
            bench.awaitTurnsOf("a", 2);
            agent.installed("sleeper", JmxClientTest.sleeper());
            bench.bean().command("job a");
            bench.bean().command("job b");
            bench.awaitTurnsOf("a", 3);
            bench.awaitTurnsOf("b", 2);
            bench.assertUnharmed();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("jdks")
    @DisplayName("System.exit inside a region ends the JVM, though another thread waits for the region")
    void exitInside(Jdk jdk) {
        try (Jvm jvm = Jvm.of(jdk, Sleeper.class).withAgent().start()) {
            jvm.awaitOutput("ready");
            AgentClient agent = new AgentClient(jvm);
            BenchClient bench = new BenchClient(jvm);
            agent.installed("sleeper", JmxClientTest.sleeper());
            bench.bean().command("hook"); // the program's own shutdown hook goes through the region
            bench.bean().command("exit a");
            assertEquals(7, jvm.awaitExit(Duration.ofSeconds(30)));
        }
    }
}
