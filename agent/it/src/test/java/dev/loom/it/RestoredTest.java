package dev.loom.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.loom.it.harness.AgentClient;
import dev.loom.it.harness.Await;
import dev.loom.it.harness.BenchClient;
import dev.loom.it.harness.Jdk;
import dev.loom.it.harness.Jvm;
import dev.loom.it.harness.OtherAgentJar;
import dev.loom.it.targets.OtherAgentMXBean;
import dev.loom.it.targets.Shapes;
import dev.loom.it.targets.Sleeper;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a removal leaves behind: nothing. */
@DisplayName("Issue 2, must-show 5: after removal")
class RestoredTest {

    private static final Pattern HELD = Pattern.compile(
            "\\s(dev\\.loom\\.bootstrap\\.(?:PairHold|Wait|SavedFrame))\\s");

    static Stream<Jdk> jdks() {
        return Jdk.all().stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("jdks")
    @DisplayName("the classes are byte for byte what they were, under load, and no Loom lock, wait or frame is in use")
    void classesAreWhatTheyWere(Jdk jdk) {
        try (Jvm jvm = Jvm.of(jdk, Shapes.class).withAgent().start()) {
            jvm.awaitOutput("ready");
            AgentClient agent = new AgentClient(jvm);
            BenchClient bench = new BenchClient(jvm);
            OtherAgentMXBean other = OtherAgentJar.attach(jvm);
            Map<String, String> before = digests(other);
            for (int i = 0; i < 3; i++) {
                agent.installed("shapes", ShapesTest.filter());
                bench.awaitTurns(5);
                if (i == 0) {
                    assertNotEquals(before, digests(other));
                }
                agent.removeAll();
                agent.await("shapes", "REMOVED");
            }
            Await.until("classes as before", Await.LONG, () -> digests(other).equals(before), () -> digests(other) + " " + before);
            bench.awaitTurns(5);
            String heap = jvm.jcmd("GC.class_histogram");
            Matcher held = HELD.matcher(heap);
            assertTrue(!held.find(), () -> held.group());
            bench.assertUnharmed();
            assertEquals(0, agent.faults());
        }
    }

    private static Map<String, String> digests(OtherAgentMXBean other) {
        Map<String, String> digests = new TreeMap<>();
        for (String nested : new String[] {"Take", "Compute", "Final", "Jumps", "Methods", "Methods$Hook", "Keyed", "Shared", "Wide"}) {
            String name = Shapes.class.getName() + "$" + nested;
            digests.put(name, other.digest(name));
        }
        return digests;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("jdks")
    @DisplayName("a frame that does not return is counted; the bytes come back when it has left woven code")
    void framesThatStayAreCounted(Jdk jdk) {
        try (Jvm jvm = Jvm.of(jdk, Sleeper.class).withAgent().start()) {
            jvm.awaitOutput("ready");
            AgentClient agent = new AgentClient(jvm);
            BenchClient bench = new BenchClient(jvm);
            OtherAgentMXBean other = OtherAgentJar.attach(jvm);
            String before = other.digest(Sleeper.class.getName());
            agent.installed("sleeper", JmxClientTest.sleeper());
            bench.bean().command("job a"); // moves into woven code, and waits there for its next job
            bench.awaitTurnsOf("a", 1);
            agent.removed("sleeper");
            assertEquals(2, agent.filterAttribute("sleeper", "Shells"), "the shell, and the frame in woven code");
            assertEquals("a", agent.stragglers("sleeper").get(0).get("thread"));
            assertNotEquals(before, other.digest(Sleeper.class.getName()), "neutral code, as long as it is there");
            bench.bean().command("job a");
            // not asked for by digest: each retransformation by another agent makes the frame look older than it is
            Await.until("departure", () -> agent.stragglers("sleeper").isEmpty());
            Await.until("bytes from before", () -> other.digest(Sleeper.class.getName()).equals(before));
            assertEquals(2, agent.filterAttribute("sleeper", "Shells"), "the shell, and the frame in neutral code");
            bench.bean().command("restart a");
            agent.installed("sleeper", JmxClientTest.sleeper());
            bench.bean().command("job a");
            bench.bean().command("job b");
            Await.until("two hits", Await.LONG, () -> (Long) agent.hooks("sleeper").get(0).get("hits") == 2L,
                    () -> agent.hooks("sleeper") + " " + bench.bean().getBeats() + bench.bean().getEntries() + bench.bean().getErrors()
                            + "\n" + jvm.output() + jvm.jcmd("Thread.print"));
            bench.assertUnharmed();
        }
    }
}
