package dev.loom.it.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.loom.it.harness.Jdk;
import dev.loom.it.shell.target.Idle;
import dev.loom.it.shell.target.Worker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.management.MBeanServerConnection;
import javax.management.openmbean.CompositeData;
import javax.management.openmbean.TabularData;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The agent put into a JVM that runs, and taken out again. */
class AttachTest {

    @TempDir
    Path directory;

    static Stream<Jdk> jdks() {
        return Jdk.all().stream();
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void anAgentThatIsAttachedIsThereWhenTheToolComesBack(Jdk jdk) throws Exception {
        try (TestJvm jvm = TestJvm.start(jdk, List.of(), Idle.class).awaitReady()) {
            Tool attach = Tool.run("attach", pid(jvm), "name=late", "--json");

            assertEquals(0, attach.status(), attach.text());
            assertTrue(attach.out().get(0).startsWith("{\"pid\":" + jvm.pid() + ",\"state\":\"ATTACHED\",\"version\":\""), attach.text());
            MBeanServerConnection beans = jvm.beans();
            assertEquals("ATTACHED", beans.getAttribute(TestJvm.agentName(), "Mode"));
            assertEquals("late", beans.getAttribute(TestJvm.agentName(), "Name"));

            Tool jvms = Tool.run("jvms", "--json");
            assertTrue(jvms.out().get(0).matches(".*\\{\"pid\":" + jvm.pid() + ",\"main\":\"[^\"]*\",\"java\":\"[^\"]*\",\"loom\":true,.*"),
                    jvms.text());
            assertEquals(0, jvm.finish());
            assertEquals(List.of("ready", "done"), jvm.out());
        }
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void aSecondAttachIsToldWhichVersionIsThere(Jdk jdk) throws Exception {
        try (TestJvm jvm = TestJvm.start(jdk, List.of(), Idle.class).awaitReady()) {
            assertEquals(0, Tool.run("attach", pid(jvm)).status());

            Tool second = Tool.run("attach", pid(jvm), "name=other");

            assertEquals(0, second.status());
            assertTrue(second.out().get(0).matches("Loom \\S+ is already in process " + jvm.pid() + "\\."), second.text());
        }
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void aWrongOptionIsToldToWhoAttachesAndMayBeMended(Jdk jdk) throws Exception {
        try (TestJvm jvm = TestJvm.start(jdk, List.of(), Idle.class).awaitReady()) {
            Tool wrong = Tool.run("attach", pid(jvm), "jmx.port=x");
            assertEquals(1, wrong.status());
            assertTrue(wrong.text().contains("the agent did not start in process " + jvm.pid() + ": jmx.port: 'x' is not a port"),
                    wrong.text());

            assertEquals(0, Tool.run("attach", pid(jvm), "name=mended").status());
        }
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void withoutAnAgentAFilterCannotBeAddedAndTheToolSaysHow(Jdk jdk) throws Exception {
        Path filter = Files.writeString(directory.resolve("f.loom"), "atomic dev.loom.it.shell.target.Worker#work\n");
        try (TestJvm jvm = TestJvm.start(jdk, List.of(), Idle.class).awaitReady()) {
            Tool add = Tool.run("add", pid(jvm), filter.toString());

            assertEquals(1, add.status());
            assertEquals(List.of("loom: there is no Loom agent in process " + jvm.pid(),
                    "      put it there: java -jar loom-agent.jar attach " + jvm.pid()), add.err());
        }
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void whatForbidsAnAttachIsNamed(Jdk jdk) throws Exception {
        try (TestJvm jvm = TestJvm.start(jdk, List.of("-XX:+DisableAttachMechanism"), Idle.class).awaitReady()) {
            Tool attach = Tool.run("attach", pid(jvm));

            assertEquals(4, attach.status());
            assertTrue(attach.err().get(0).contains("-XX:+DisableAttachMechanism"), attach.text());
            assertEquals(0, jvm.finish());
            assertEquals(List.of("ready", "done"), jvm.out(), "no thread dump was provoked");
        }
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void jep451IsNamedWithItsOption(Jdk jdk) throws Exception {
        Assumptions.assumeTrue(jdk.feature() >= 21);
        try (TestJvm jvm = TestJvm.start(jdk, List.of("-XX:-EnableDynamicAgentLoading"), Idle.class).awaitReady()) {
            Tool attach = Tool.run("attach", pid(jvm));

            assertEquals(1, attach.status());
            assertTrue(attach.text().contains("start it with -XX:+EnableDynamicAgentLoading"), attach.text());
            assertEquals(1, Tool.run("doctor", pid(jvm)).status());
        }
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void afterDetachNothingIsLeft(Jdk jdk) throws Exception {
        Path filter = Files.writeString(directory.resolve("f.loom"), "filter \"f\" { atomic dev.loom.it.shell.target.Worker#work }\n");
        try (TestJvm jvm = TestJvm.start(jdk, List.of(), Worker.class).awaitReady()) {
            MBeanServerConnection beans = jvm.beans();
            for (int round = 0; round < 2; round++) {
                assertEquals(0, Tool.run("attach", pid(jvm), "jmx.port=0").status());
                assertEquals(0, Tool.run("add", pid(jvm), filter.toString()).status());
                assertEquals(0, Tool.run("detach", pid(jvm)).status());

                assertEquals(Set.of(), beans.queryNames(TestJvm.name("dev.loom:*"), null));
                jvm.await("the end of Loom's threads", () -> loomThreads(beans).isEmpty());
                TabularData properties = (TabularData) beans.getAttribute(TestJvm.name("java.lang:type=Runtime"), "SystemProperties");
                assertFalse(properties.containsKey(new Object[] {"dev.loom.agent"}));
            }
            jvm.await("the agent's classes to be collected", () -> loomClasses(beans).isEmpty());
            assertEquals(0, jvm.finish());
            assertEquals(List.of("ready", "done"), jvm.out());
        }
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void afterDetachTheNextAgentMayRememberFiltersInTheSameDirectory(Jdk jdk) throws Exception {
        Path filter = Files.writeString(directory.resolve("f.loom"), "filter \"f\" { atomic dev.loom.it.shell.target.Worker#work }\n");
        Path state = directory.resolve("state");
        try (TestJvm jvm = TestJvm.start(jdk, List.of(), Worker.class).awaitReady()) {
            for (int round = 0; round < 2; round++) {
                assertEquals(0, Tool.run("attach", pid(jvm), "state=" + state).status());
                assertEquals(0, Tool.run("add", pid(jvm), filter.toString(), "--wait", "60").status());
                jvm.await("the filter to be remembered", () -> Files.exists(state.resolve("f.loom")));
                assertEquals(0, Tool.run("detach", pid(jvm)).status());
            }
            assertEquals(List.of(), jvm.err());
        }
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void afterDetachAnotherJarMayBeAttachedThoughTheFirstIsGone(Jdk jdk) throws Exception {
        Path first = Files.copy(TestJvm.AGENT, directory.resolve("first.jar"));
        Path second = Files.copy(TestJvm.AGENT, directory.resolve("second.jar"));
        try (TestJvm jvm = TestJvm.start(jdk, List.of(), Idle.class).awaitReady()) {
            assertEquals(0, Tool.of(first, "attach", pid(jvm)).status());
            assertEquals(0, Tool.of(first, "detach", pid(jvm)).status());
            Files.delete(first);

            Tool attach = Tool.of(second, "attach", pid(jvm), "name=second");

            assertEquals(0, attach.status(), attach.text());
            assertEquals("second", jvm.beans().getAttribute(TestJvm.agentName(), "Name"));
        }
    }

    private static Set<String> loomThreads(MBeanServerConnection beans) throws Exception {
        long[] ids = (long[]) beans.getAttribute(TestJvm.name("java.lang:type=Threading"), "AllThreadIds");
        CompositeData[] threads = (CompositeData[])
                beans.invoke(TestJvm.name("java.lang:type=Threading"), "getThreadInfo", new Object[] {ids}, new String[] {"[J"});
        return Arrays.stream(threads)
                .filter(thread -> thread != null)
                .map(thread -> (String) thread.get("threadName"))
                .filter(name -> name.startsWith("loom-"))
                .collect(Collectors.toSet());
    }

    /** Classes of Loom's that still have objects, other than the facade and the launcher, which the JVM keeps. */
    private static List<String> loomClasses(MBeanServerConnection beans) throws Exception {
        beans.invoke(TestJvm.name("java.lang:type=Memory"), "gc", null, null);
        String histogram = (String) beans.invoke(TestJvm.name("com.sun.management:type=DiagnosticCommand"), "gcClassHistogram",
                new Object[] {new String[0]}, new String[] {"[Ljava.lang.String;"});
        return histogram.lines()
                .filter(line -> line.contains(" dev.loom.agent") || line.contains(" dev.loom.filter") || line.contains("dev.loom.internal"))
                .toList();
    }

    private static String pid(TestJvm jvm) {
        return Long.toString(jvm.pid());
    }
}
