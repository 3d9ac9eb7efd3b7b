package dev.loom.it.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.loom.it.harness.Jdk;
import dev.loom.it.shell.target.OtherAgent;
import dev.loom.it.shell.target.Worker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import javax.management.MBeanServerConnection;
import javax.management.Notification;
import javax.management.ObjectName;
import javax.management.RuntimeMBeanException;
import javax.management.openmbean.CompositeData;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A filter's life by a plain JMX client and by the control tool. */
class FilterCycleTest {

    private static final String FILTER = "filter \"work\" {\n    atomic dev.loom.it.shell.target.Worker#work by this\n}\n";

    @TempDir
    Path directory;

    static Stream<Jdk> jdks() {
        return Jdk.all().stream();
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void aPlainJmxClientInstallsReadsHearsAndRemoves(Jdk jdk) throws Exception {
        try (TestJvm jvm = TestJvm.start(jdk, List.of(TestJvm.agent("jmx.port=0")), Worker.class)) {
            String line = jvm.awaitErr(l -> l.startsWith("loom: JMX connector at "));
            String url = line.replaceAll(".* at (service:\\S+),.*", "$1");
            String[] login = Files.readString(Path.of(line.replaceAll(".*password in (\\S+).*", "$1"))).strip().split(" ");
            Assertions.assertThrows(SecurityException.class, () -> JMXConnectorFactory.connect(new JMXServiceURL(url)));
            try (JMXConnector client = JMXConnectorFactory.connect(new JMXServiceURL(url), Map.of("jmx.remote.credentials", login))) {
                MBeanServerConnection beans = client.getMBeanServerConnection();
                BlockingQueue<Notification> heard = new LinkedBlockingQueue<>();
                beans.addNotificationListener(TestJvm.agentName(), (notification, handback) -> heard.add(notification), null, null);

                CompositeData installed = call(beans, "install", "", FILTER, "");
                assertEquals("work", installed.get("filter"), installed.toString());
                ObjectName filter = TestJvm.name("dev.loom:type=Filter,name=\"work\"");
                jvm.await("ACTIVE", () -> beans.getAttribute(filter, "State").equals("ACTIVE"));
                jvm.await("hits", () -> hits(beans, filter) > 10);
                assertHeard(heard, "ACTIVE");

                call(beans, "remove", "work");
                jvm.await("REMOVED", () -> beans.getAttribute(filter, "State").equals("REMOVED"));
                assertHeard(heard, "REMOVED");

                CompositeData rejected = call(beans, "install", "wrong", "atomic nothing", "");
                assertEquals("REJECTED", rejected.get("state"));
                RuntimeMBeanException e =
                        Assertions.assertThrows(RuntimeMBeanException.class, () -> call(beans, "install", "x", FILTER, "mode=loud"));
                assertEquals(IllegalArgumentException.class, e.getCause().getClass());
            }
            assertEquals(0, jvm.finish());
            assertEquals(List.of("ready", "done"), jvm.out());
        }
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void theControlToolDoesTheSameWithItsExitStatuses(Jdk jdk) throws Exception {
        Path file = Files.writeString(directory.resolve("work.loom"), FILTER);
        Path bad = Files.writeString(directory.resolve("bad.loom"), "atomic dev.loom.it.shell.target.Worker#wrok\n");
        try (TestJvm jvm = TestJvm.start(jdk, List.of(TestJvm.agent("")), Worker.class)) {
            jvm.awaitAgent();
            String pid = Long.toString(jvm.pid());

            Tool add = Tool.run("add", pid, file.toString(), "--wait", "60", "--json");
            assertEquals(0, add.status(), add.text());
            assertTrue(add.out().get(0).startsWith("{\"filter\":\"work\",\"state\":\"ACTIVE\",\"progress\":1.0,"), add.text());
            assertEquals(1, add.out().size(), "one object and nothing else");

            Tool status = Tool.run("status", pid, "work");
            assertEquals(0, status.status(), status.text());
            assertTrue(status.out().contains("state       ACTIVE"), status.text());

            Tool list = Tool.run("list", pid, "--json");
            assertTrue(list.out().get(0).startsWith("[{\"filter\":\"work\",\"state\":\"ACTIVE\","), list.text());

            Tool rejected = Tool.run("add", pid, bad.toString());
            assertEquals(1, rejected.status());
            assertTrue(rejected.text().contains("bad.loom:1:") && rejected.text().contains("^"), rejected.text());
            assertTrue(rejected.text().contains("bad: REJECTED"), rejected.text());

            assertEquals(1, Tool.run("status", pid, "nobody").status());
            assertEquals(1, Tool.run("accept", pid, "work", "--why", " ").status());
            assertEquals(0, Tool.run("check", file.toString(), "--target", pid).status());

            Tool delete = Tool.run("delete", pid, "work", "--wait", "60");
            assertEquals(0, delete.status(), delete.text());
            assertEquals(List.of("work: REMOVED"), delete.out());
            assertEquals(0, jvm.finish());
            assertEquals(List.of("ready", "done"), jvm.out());
        }
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void waitingForAClassThatNeverComesIs3(Jdk jdk) throws Exception {
        Path file = Files.writeString(directory.resolve("late.loom"), "atomic com.acme.Late#run\n");
        try (TestJvm jvm = TestJvm.start(jdk, List.of(TestJvm.agent("")), Worker.class)) {
            jvm.awaitAgent();

            Tool add = Tool.run("add", Long.toString(jvm.pid()), file.toString(), "--wait", "5");

            assertEquals(3, add.status(), add.text());
            assertTrue(add.text().contains("waiting for class com.acme.Late"), add.text());
        }
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void anotherAgentBeforeOrBehindDoesNotTakeTheHooksAway(Jdk jdk) throws Exception {
        Path file = Files.writeString(directory.resolve("work.loom"), FILTER);
        String other = "-javaagent:" + otherAgent();
        for (List<String> agents : List.of(List.of(other, TestJvm.agent("")), List.of(TestJvm.agent(""), other))) {
            try (TestJvm jvm = TestJvm.start(jdk, agents, Worker.class)) {
                MBeanServerConnection beans = jvm.awaitAgent();
                String pid = Long.toString(jvm.pid());

                assertEquals(0, Tool.run("add", pid, file.toString(), "--wait", "60").status());
                jvm.await("hits", () -> hits(beans, TestJvm.name("dev.loom:type=Filter,name=\"work\"")) > 10);
                assertEquals(0, Tool.run("delete", pid, "work", "--wait", "60").status());
                assertEquals(0, jvm.finish());
                assertEquals(List.of("ready", "done"), jvm.out());
                assertEquals(List.of(), jvm.err());
            }
        }
    }

    /** An agent jar with {@link OtherAgent}. */
    private Path otherAgent() throws Exception {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().putValue("Premain-Class", OtherAgent.class.getName());
        manifest.getMainAttributes().putValue("Can-Retransform-Classes", "true");
        Path jar = directory.resolve("other.jar");
        String entry = OtherAgent.class.getName().replace('.', '/') + ".class";
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
            out.putNextEntry(new JarEntry(entry));
            out.write(Files.readAllBytes(TestJvm.CLASSES.resolve(entry)));
        }
        return jar;
    }

    private static CompositeData call(MBeanServerConnection beans, String operation, String... arguments) throws Exception {
        String[] types = new String[arguments.length];
        java.util.Arrays.fill(types, "java.lang.String");
        return (CompositeData) beans.invoke(TestJvm.agentName(), operation, arguments, types);
    }

    private static long hits(MBeanServerConnection beans, ObjectName filter) throws Exception {
        CompositeData[] hooks = (CompositeData[]) beans.getAttribute(filter, "Hooks");
        return hooks.length == 0 ? 0 : (Long) hooks[0].get("hits");
    }

    private static void assertHeard(BlockingQueue<Notification> heard, String state) throws InterruptedException {
        for (Notification n = heard.poll(20, TimeUnit.SECONDS); n != null; n = heard.poll(20, TimeUnit.SECONDS)) {
            if (n.getType().equals("dev.loom.filter.state") && state.equals(((CompositeData) n.getUserData()).get("state"))) {
                return;
            }
        }
        Assertions.fail("no notification that it is " + state);
    }
}
