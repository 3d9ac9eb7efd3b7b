package dev.loom.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.loom.it.harness.AgentClient;
import dev.loom.it.harness.Await;
import dev.loom.it.harness.BenchClient;
import dev.loom.it.harness.Jdk;
import dev.loom.it.harness.Jvm;
import dev.loom.it.harness.Marks;
import dev.loom.it.harness.OtherAgentJar;
import dev.loom.it.targets.Loaders;
import dev.loom.it.targets.Nested;
import dev.loom.it.targets.OtherAgentMXBean;
import dev.loom.it.targets.Shapes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Classes that come after their filter, in several loaders, and other agents. */
@DisplayName("Late classes, further loaders, other agents")
class LateClassesTest {

    private static final String GUEST = Loaders.class.getName() + "$Guest";
    private static final String ATOMIC =
            Marks.fill(Loaders.class, "atomic { " + GUEST + ":@guest-in ; " + GUEST + ":@guest-out }");

    static Stream<Jdk> jdks() {
        return Jdk.all().stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("jdks")
    @DisplayName("a filter waits for its class, and is ACTIVE from the first call when that is loaded, in each of sixteen loaders")
    void waitsForItsClass(Jdk jdk) {
        try (Jvm jvm = Jvm.of(jdk, Loaders.class).withAgent().start()) {
            jvm.awaitOutput("ready");
            AgentClient agent = new AgentClient(jvm);
            BenchClient bench = new BenchClient(jvm);
            AgentClient.accepted(agent.install("guest", ATOMIC, ""));
            assertEquals("WAITING_FOR_CLASS", agent.state("guest"));
            assertEquals(List.of(GUEST), List.of((String[]) agent.filterAttribute("guest", "WaitingFor")));
            bench.bean().command("load 16");
            agent.await("guest", "ACTIVE");
            bench.awaitTurns(20);
            assertEquals(0L, bench.overlaps().getOrDefault("guest", 0L), "hooked from the first call");
            agent.removed("guest");
            bench.awaitTurns(20);
            bench.assertUnharmed();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("jdks")
    @DisplayName("hole 5: sixteen loaders define the class behind a slow transformer during the install, and none is missed")
    void definedDuringInstall(Jdk jdk) {
        try (Jvm jvm = Jvm.of(jdk, Loaders.class).withAgent().start()) {
            jvm.awaitOutput("ready");
            AgentClient agent = new AgentClient(jvm);
            BenchClient bench = new BenchClient(jvm);
            OtherAgentMXBean other = OtherAgentJar.attach(jvm);
            other.delay(GUEST, 700);
            bench.bean().command("load 16");
            AgentClient.accepted(agent.install("guest", ATOMIC, ""));
            agent.await("guest", "ACTIVE");
            Map<String, Long> atActive = bench.overlaps();
            bench.awaitTurns(20);
            bench.assertNoOverlaps(atActive, "while ACTIVE");
            agent.removed("guest");
            bench.awaitTurns(5);
            bench.assertUnharmed();
        }
    }

    /** A program whose guest is not on its class path. */
    private static Jvm.Builder withGuestElsewhere(Jdk jdk) {
        Path elsewhere = Path.of("target/guest").toAbsolutePath();
        Path here = Path.of("target/without-guest").toAbsolutePath();
        String file = GUEST.replace('.', '/') + ".class";
        try (Stream<Path> files = Files.walk(Jvm.testClasses().resolve("dev/loom/it/targets"))) {
            Files.createDirectories(elsewhere.resolve(file).getParent());
            Files.copy(Jvm.testClasses().resolve(file), elsewhere.resolve(file), StandardCopyOption.REPLACE_EXISTING);
            Path to = Files.createDirectories(here.resolve("dev/loom/it/targets"));
            for (Path from : files.filter(f -> f.toString().endsWith(".class") && !f.endsWith(file)).toList()) {
                Files.copy(from, to.resolve(from.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Jvm.of(jdk, Loaders.class).withAgent().classPath(here).options("-Dguest=" + elsewhere);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("jdks")
    @DisplayName("a late class that does not fit makes the filter FAILED, and takes it out again")
    void misfitFails(Jdk jdk) {
        try (Jvm jvm = withGuestElsewhere(jdk).start()) {
            jvm.awaitOutput("ready");
            AgentClient agent = new AgentClient(jvm);
            BenchClient bench = new BenchClient(jvm);
            AgentClient.accepted(agent.install("guest", "atomic " + GUEST + "#nothing", ""));
            assertEquals("WAITING_FOR_CLASS", agent.state("guest"));
            bench.bean().command("load 2");
            agent.await("guest", "FAILED");
            assertTrue(((String) agent.filterAttribute("guest", "Cause")).contains("does not fit"));
            bench.awaitTurns(10);
            bench.assertUnharmed();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("jdks")
    @DisplayName("classes that only an application's own loader finds, and those whose file nobody gives out, are filtered too")
    void otherLoaders(Jdk jdk) {
        for (String hidden : List.of("false", "true")) {
            try (Jvm jvm = withGuestElsewhere(jdk).options("-Dguest.hidden=" + hidden).arguments("3").start()) {
                jvm.awaitOutput("ready");
                AgentClient agent = new AgentClient(jvm);
                BenchClient bench = new BenchClient(jvm);
                bench.awaitTurns(5);
                assertNull(agent.check(ATOMIC).get("state"));
                assertEquals("REJECTED", agent.check("atomic " + GUEST + "#nothing").get("state"));
                for (int round = 0; round < 3; round++) {
                    agent.installed("guest", ATOMIC);
                    Map<String, Long> atActive = bench.overlaps();
                    bench.bean().command("load 1");
                    bench.awaitTurns(20);
                    bench.assertNoOverlaps(atActive, "while ACTIVE");
                    agent.removed("guest");
                    bench.awaitTurns(2);
                }
                bench.assertUnharmed();
            }
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("jdks")
    @DisplayName("another agent that retransforms the class all the time changes nothing")
    void foreignRetransformation(Jdk jdk) {
        try (Jvm jvm = Jvm.of(jdk, Nested.class).withAgent().start()) {
            jvm.awaitOutput("ready");
            AgentClient agent = new AgentClient(jvm);
            BenchClient bench = new BenchClient(jvm);
            OtherAgentMXBean other = OtherAgentJar.attach(jvm);
            String name = Nested.class.getName();
            long rounds = other.retransformAlways(name);
            String filter = Marks.fill(Nested.class, "atomic { " + name + ":@outer-in ; " + name + ":@outer-out }");
            for (int i = 0; i < Math.max(5, Cycles.SHORT / 8); i++) {
                agent.installed("outer", filter);
                long atActive = bench.overlaps().get("outer");
                bench.awaitTurns(5);
                int cycle = i;
                assertEquals(atActive, bench.overlaps().get("outer"), () -> "overlaps in cycle " + cycle);
                agent.removed("outer");
            }
            assertTrue(other.retransformAlways(name) > rounds + 5);
            bench.awaitTurns(10);
            bench.assertUnharmed();
            assertEquals(0, agent.faults(), jvm::output);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("jdks")
    @DisplayName("an agent that puts its own copy of the class in place makes the install FAILED, with its cause, and nothing stays")
    void overriddenIsSaid(Jdk jdk) {
        try (Jvm jvm = Jvm.of(jdk, Shapes.class).withAgent().arguments("1", "compute").start()) {
            jvm.awaitOutput("ready");
            AgentClient agent = new AgentClient(jvm);
            BenchClient bench = new BenchClient(jvm);
            OtherAgentMXBean other = OtherAgentJar.attach(jvm);
            String name = Shapes.class.getName() + "$Compute";
            String filter = Marks.fill(Shapes.class, "atomic { " + name + ":@compute-in ; " + name + ":@compute-out }");
            other.override(name);
            var status = agent.install("compute", filter, "");
            assertEquals("FAILED", status.get("state"), () -> AgentClient.describe(status));
            assertTrue(((String) status.get("cause")).contains("another agent"), () -> AgentClient.describe(status));
            other.override(null);
            Await.until("install after the other agent has let go", () -> {
                String state = (String) agent.install("compute", filter, "").get("state");
                return List.of("EVACUATING", "ACTIVE").contains(state);
            });
            agent.await("compute", "ACTIVE");
            agent.removed("compute");
            bench.awaitTurns(5);
            bench.assertUnharmed();
        }
    }
}
