package dev.loom.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.loom.it.harness.AgentClient;
import dev.loom.it.harness.Await;
import dev.loom.it.harness.Jdk;
import dev.loom.it.harness.Jvm;
import dev.loom.it.targets.Aged;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the agent does in a JVM while nobody asks it for anything. */
@DisplayName("A JVM in which nobody uses JMX")
class QuietTest {

    /** The MBean server's class, as the JVM's histogram of objects names it. */
    private static final String SERVER = "com.sun.jmx.mbeanserver.JmxMBeanServer ";

    static Stream<Jdk> jdks() {
        return Jdk.all().stream();
    }

    private static boolean hasServer(Jvm jvm) {
        String objects = jvm.jcmd("GC.class_histogram");
        assertTrue(objects.contains("java.lang.String"), objects);
        return objects.contains(SERVER);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("jdks")
    @DisplayName("has no MBean server made by the agent; the MBean is there when a client comes")
    void theMBeanComesWithTheFirstClient(Jdk jdk) {
        try (Jvm jvm = Jvm.of(jdk, Aged.class).withAgent().start().awaitOutput("ready")) {
            // the threads of a start that is over, and the one that waits for somebody to use JMX
            Await.until("the agent's start", Await.LONG, () -> jvm.jcmd("Thread.print").contains("dev.loom.agent.jmx.JmxUse.await"), jvm::output);
            assertFalse(hasServer(jvm), "the agent made an MBean server that nobody asked for: that costs half a second of CPU");
            AgentClient agent = new AgentClient(jvm);
            assertEquals("PREMAIN", agent.agentAttribute("Mode"));
            assertTrue(hasServer(jvm), "the name of the server's class has changed: this test sees nothing");
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("jdks")
    @DisplayName("lets the agent go, with all its threads")
    void detachOfAQuietAgent(Jdk jdk) {
        try (Jvm jvm = Jvm.of(jdk, Aged.class).withAgent("log=stderr:info").start().awaitOutput("ready")) {
            new AgentClient(jvm).detach();
            jvm.awaitOutput("detached");
            Await.until("the end of Loom's threads", Await.LONG, () -> !jvm.jcmd("Thread.print").contains("\"loom-"), jvm::output);
        }
    }
}
