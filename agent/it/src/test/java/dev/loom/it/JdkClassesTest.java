package dev.loom.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.loom.it.harness.AgentClient;
import dev.loom.it.harness.Await;
import dev.loom.it.harness.BenchClient;
import dev.loom.it.harness.Jdk;
import dev.loom.it.harness.Jvm;
import dev.loom.it.targets.Library;
import java.util.List;
import java.util.stream.Stream;
import javax.management.openmbean.CompositeData;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Filters that name classes of the JDK. */
@DisplayName("JDK classes")
class JdkClassesTest {

    static Stream<Jdk> jdks() {
        return Jdk.all().stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("jdks")
    @DisplayName("java.util and java.util.logging are filtered where the application's filter names them")
    void filtered(Jdk jdk) {
        try (Jvm jvm = Jvm.of(jdk, Library.class).withAgent().start()) {
            jvm.awaitOutput("ready");
            AgentClient agent = new AgentClient(jvm);
            BenchClient bench = new BenchClient(jvm);
            bench.awaitTurns(5);
            for (int round = 0; round < 3; round++) {
                agent.installed("jdk", "java.util.logging.Logger#log(LogRecord) <> java.util.Vector#addElement");
                long atActive = bench.overlaps().get("log");
                bench.awaitTurns(50);
                assertEquals(atActive, bench.overlaps().get("log"));
                for (CompositeData hook : agent.hooks("jdk")) {
                    assertTrue((Long) hook.get("hits") > 0, hook::toString);
                }
                agent.removed("jdk");
                bench.assertUnharmed();
            }
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("jdks")
    @DisplayName("what hooks themselves depend on is refused, and the JVM goes on")
    void refused(Jdk jdk) {
        try (Jvm jvm = Jvm.of(jdk, Library.class).withAgent().start()) {
            jvm.awaitOutput("ready");
            AgentClient agent = new AgentClient(jvm);
            BenchClient bench = new BenchClient(jvm);
            for (String name : List.of(
                    "java.util.HashMap#put", "java.util.ArrayList#add", "java.lang.String#length", "java.lang.Thread#run",
                    "java.util.concurrent.ConcurrentHashMap#put", "java.util.concurrent.locks.ReentrantLock#lock",
                    "java.lang.invoke.MethodHandles#lookup", "dev.loom.bootstrap.Hooks#depth")) {
                CompositeData status = agent.install("refused", "atomic " + name, "");
                assertEquals("REJECTED", status.get("state"), () -> AgentClient.describe(status));
                assertTrue(((CompositeData[]) status.get("diagnostics")).length > 0);
            }
            bench.awaitTurns(10);
            bench.assertUnharmed();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("jdks")
    @DisplayName("overhead is a share: 0 without a filter in force, above 0 and at most 100 with one")
    void overheadIsAShare(Jdk jdk) {
        try (Jvm jvm = Jvm.of(jdk, Library.class).withAgent().start()) {
            jvm.awaitOutput("ready");
            AgentClient agent = new AgentClient(jvm);
            agent.installed("jdk", "atomic java.util.logging.Logger#log(LogRecord)");
            Await.until("overhead", () -> (Double) agent.filterAttribute("jdk", "OverheadPercent") > 0);
            assertTrue((Double) agent.filterAttribute("jdk", "OverheadPercent") <= 100);
            agent.removed("jdk");
            Await.until("no overhead", () -> (Double) agent.agentAttribute("OverheadPercent") == 0);
        }
    }
}
