package dev.loom.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.loom.it.harness.AgentClient;
import dev.loom.it.harness.Await;
import dev.loom.it.harness.BenchClient;
import dev.loom.it.harness.HeapDump;
import dev.loom.it.harness.Jdk;
import dev.loom.it.harness.Jvm;
import dev.loom.it.harness.OtherAgentJar;
import dev.loom.it.targets.OtherAgentMXBean;
import dev.loom.it.targets.Shapes;
import dev.loom.it.targets.Sleeper;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.netbeans.lib.profiler.heap.Instance;

/** What a removal leaves behind: nothing. */
@DisplayName("After removal")
class RestoredTest {

    private static final String FACADE = "dev.loom.bootstrap.";

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
            assertNothingInUse(HeapDump.of(jvm));
            bench.assertUnharmed();
            assertEquals(0, agent.faults());
        }
    }

    private static void assertNothingInUse(HeapDump heap) {
        for (String gone : List.of(
                "lock.KeyedWait", "hook.LockWait", "standstill.PollWait", "standstill.GatherWait", "SavedFrame")) {
            assertEquals(0, heap.instances(FACADE + gone).size(), gone);
        }
        List<Instance> exclusive = heap.instances(FACADE + "lock.ExclusiveLock$Sync");
        List<Instance> holders = heap.instances(FACADE + "lock.Holder");
        assertTrue(exclusive.size() > 5 && holders.size() > 5, "the filter's locks are in the dump");
        exclusive.forEach(lock -> assertNull(lock.getValueOfField("owner"), "owner of a lock"));
        exclusive.forEach(lock -> assertNull(lock.getValueOfField("exclusiveOwnerThread"), "owner of a lock, as the JVM is told"));
        holders.forEach(holder -> assertNull(holder.getValueOfField("thread"), "holder of a lock with keys or sides"));
        assertEquals(List.of(), heap.threadLocals().stream().filter(type -> type.startsWith("dev.loom.") && !type.contains(".it.")).toList());
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
