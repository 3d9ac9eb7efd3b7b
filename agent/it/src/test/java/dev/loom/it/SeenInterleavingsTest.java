package dev.loom.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.loom.it.harness.AgentClient;
import dev.loom.it.harness.Await;
import dev.loom.it.harness.BenchClient;
import dev.loom.it.harness.Jdk;
import dev.loom.it.harness.Jvm;
import dev.loom.it.harness.Marks;
import dev.loom.it.targets.Nested;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import javax.management.openmbean.CompositeData;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What operators see of the interleavings that a filter prevents. */
@DisplayName("The last interleavings of a filter")
class SeenInterleavingsTest {

    private static final String NAME = "dev.loom.it.targets.Nested";

    static Stream<Jdk> jdks() {
        return Jdk.all().stream();
    }

    private static String region() {
        return "atomic " + Marks.fill(Nested.class, "{ " + NAME + ":@outer-in ; " + NAME + ":@outer-out }");
    }

    private static boolean isOf(Object stack) {
        return Arrays.stream((String[]) stack).anyMatch(frame -> frame.contains(NAME));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("jdks")
    @DisplayName("are told with both threads and both stacks, while it enforces and while it observes, and are gone with it")
    void bothThreadsAndStacks(Jdk jdk) {
        try (Jvm jvm = Jvm.of(jdk, Nested.class).withAgent().start()) {
            jvm.awaitOutput("ready");
            AgentClient agent = new AgentClient(jvm);
            agent.installed("outer", region());
            Await.until("a wait that was looked at", () -> agent.interleavings("outer").stream().anyMatch(i -> isOf(i.get("otherStack"))));
            for (CompositeData seen : agent.interleavings("outer")) {
                assertEquals("PREVENTED", seen.get("end"));
                assertEquals("h1", seen.get("hook"));
                assertTrue((Long) seen.get("waitedNanos") > 0);
                assertTrue(!seen.get("thread").equals(seen.get("other")), () -> "a thread waited for itself: " + seen);
                assertTrue(isOf(seen.get("stack")), () -> "where it came: " + Arrays.toString((String[]) seen.get("stack")));
                assertTrue(((String[]) seen.get("stack"))[0].contains(NAME), () -> "Loom's own frames are on top: " + Arrays.toString((String[]) seen.get("stack")));
            }
            assertTrue(((CompositeData[]) agent.filterAttribute("outer", "Interleavings")).length > 0, "the filter's own MBean tells them, too");
            agent.install("outer", region(), "mode=observe");
            agent.await("outer", "OBSERVING");
            Await.until("an overlap that was looked at", () -> agent.interleavings("outer").stream().anyMatch(i -> i.get("end").equals("OVERLAPPED")));
            agent.removed("outer");
            Await.until("nothing is kept", () -> agent.interleavings("outer").isEmpty());
            assertThrows(IllegalArgumentException.class, () -> agent.interleavings("nobody's"));
            new BenchClient(jvm).assertUnharmed();
            assertEquals(0, agent.faults(), jvm::output);
            assertEquals(List.of(), List.of((CompositeData[]) agent.filterAttribute("outer", "Interleavings")));
        }
    }
}
