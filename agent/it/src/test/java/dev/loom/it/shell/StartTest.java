package dev.loom.it.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.loom.it.harness.Jdk;
import dev.loom.it.shell.target.Brief;
import dev.loom.it.shell.target.Idle;
import dev.loom.it.shell.target.OwnLogManager;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanInfo;
import javax.management.MBeanOperationInfo;
import javax.management.MBeanServerConnection;
import javax.management.openmbean.CompositeData;
import javax.management.openmbean.TabularData;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The agent on the command line of a JVM. */
class StartTest {

    @TempDir
    Path directory;

    static Stream<Jdk> jdks() {
        return Jdk.all().stream();
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void aJvmWithTheAgentPrintsWhatItPrintsWithoutAndShowsItsMBeans(Jdk jdk) throws Exception {
        try (TestJvm jvm = TestJvm.start(jdk, List.of(TestJvm.agent("name=shop,labels=env:prod;app:shop")), Idle.class)) {
            jvm.awaitReady();
            MBeanServerConnection beans = jvm.awaitAgent();

            assertEquals("PREMAIN", beans.getAttribute(TestJvm.agentName(), "Mode"));
            assertEquals("shop", beans.getAttribute(TestJvm.agentName(), "Name"));
            TabularData labels = (TabularData) beans.getAttribute(TestJvm.agentName(), "Labels");
            assertEquals("prod", labels.get(new Object[] {"env"}).get("value"));
            assertEquals(0, ((CompositeData[]) beans.getAttribute(TestJvm.agentName(), "Filters")).length);

            assertEquals(0, jvm.finish());
            assertEquals(List.of("ready", "done"), jvm.out());
            assertEquals(List.of(), jvm.err());
        }
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void everythingThatJconsoleShowsHasADescription(Jdk jdk) throws Exception {
        try (TestJvm jvm = TestJvm.start(jdk, List.of(TestJvm.agent("")), Idle.class)) {
            MBeanInfo info = jvm.awaitAgent().getMBeanInfo(TestJvm.agentName());

            assertEquals("true", info.getDescriptor().getFieldValue("mxbean"));
            for (MBeanAttributeInfo attribute : info.getAttributes()) {
                assertFalse(attribute.getDescription().isBlank(), attribute.getName());
            }
            for (MBeanOperationInfo operation : info.getOperations()) {
                assertFalse(operation.getDescription().isBlank(), operation.getName());
                assertTrue(Set.of(MBeanOperationInfo.INFO, MBeanOperationInfo.ACTION).contains(operation.getImpact()));
                for (var parameter : operation.getSignature()) {
                    assertFalse(parameter.getDescription().isBlank(), operation.getName() + " " + parameter.getName());
                }
            }
            assertEquals(5, info.getNotifications().length);
        }
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void aWrongOptionStopsTheAgentWithOneLineAndNotTheApplication(Jdk jdk) throws Exception {
        try (TestJvm jvm = TestJvm.start(jdk, List.of(TestJvm.agent("inclde=com.acme.**")), Brief.class, "1")) {
            assertEquals(0, jvm.exitStatus());
            assertEquals(List.of("ready", "done"), jvm.out());
            assertEquals(1, jvm.err().size(), jvm.err().toString());
            assertTrue(jvm.err().get(0).startsWith("loom: agent not started: unknown option 'inclde' (did you mean include?)"));
        }
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void optionsMayComeFromPropertiesAndVariables(Jdk jdk) throws Exception {
        List<String> command = List.of("-Dloom.name=from property", TestJvm.agent(""), "-cp", TestJvm.CLASSES.toString(), Idle.class.getName());
        try (TestJvm jvm = TestJvm.start(jdk, Map.of("LOOM_NAME", "from variable", "LOOM_LABELS", "env:test"), command)) {
            MBeanServerConnection beans = jvm.awaitAgent();

            assertEquals("from property", beans.getAttribute(TestJvm.agentName(), "Name"));
            TabularData labels = (TabularData) beans.getAttribute(TestJvm.agentName(), "Labels");
            assertEquals("test", labels.get(new Object[] {"env"}).get("value"));
        }
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void theAgentDoesNotKeepAProgramRunningThatIsDone(Jdk jdk) throws Exception {
        try (TestJvm jvm = TestJvm.start(jdk, List.of(TestJvm.agent("jmx.port=0")), Brief.class, "3000")) {
            String line = jvm.awaitErr(l -> l.startsWith("loom: JMX connector at "));
            Path password = Path.of(line.replaceAll(".*password in (\\S+).*", "$1"));
            assertTrue(Files.exists(password));

            assertEquals(0, jvm.exitStatus());
            assertFalse(Files.exists(password));
        }
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void filtersInADirectoryAreInstalledAtStartAndAWrongOneIsReported(Jdk jdk) throws Exception {
        Files.writeString(directory.resolve("good.loom"), "atomic dev.loom.it.shell.target.Worker#work\n");
        Files.writeString(directory.resolve("bad.loom"), "atomic\n");
        Files.writeString(directory.resolve("other.txt"), "not a filter");
        try (TestJvm jvm = TestJvm.start(jdk, List.of(TestJvm.agent("filters=" + directory)), Idle.class)) {
            MBeanServerConnection beans = jvm.awaitAgent();
            jvm.await("the good filter", () -> beans.isRegistered(TestJvm.name("dev.loom:type=Filter,name=\"good\"")));

            assertEquals("WAITING_FOR_CLASS", beans.getAttribute(TestJvm.name("dev.loom:type=Filter,name=\"good\""), "State"));
            String said = jvm.awaitErr(line -> line.contains("bad.loom:"));
            assertTrue(said.matches("loom: filters: .*bad\\.loom:\\d+:\\d+: LOOM-\\d+: .*"), said);
        }
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void aLogFileTakesWhatWouldGoToStderr(Jdk jdk) throws Exception {
        Path log = directory.resolve("loom.log");
        Files.writeString(directory.resolve("bad.loom"), "atomic\n");
        List<String> options = List.of(TestJvm.agent("log=" + log + ":info,filters=" + directory.resolve("bad.loom")));
        try (TestJvm jvm = TestJvm.start(jdk, options, Idle.class)) {
            jvm.await("a line in the log", () -> Files.exists(log) && Files.readString(log).contains("is not installed"));
            assertEquals(0, jvm.finish());
            assertEquals(List.of(), jvm.err());
        }
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void anApplicationKeepsItsOwnLogManager(Jdk jdk) throws Exception {
        List<String> options =
                List.of("-Djava.util.logging.manager=" + OwnLogManager.class.getName(), TestJvm.agent("jmx.port=0"));
        try (TestJvm jvm = TestJvm.start(jdk, options, OwnLogManager.class, "2000")) {
            jvm.awaitErr(line -> line.startsWith("loom: JMX connector at "));
            assertEquals(0, jvm.exitStatus());
            assertEquals(List.of("ready", "OwnLogManager"), jvm.out());
        }
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void anApplicationInNamedModulesRunsWithTheAgent(Jdk jdk) throws Exception {
        Path source = Files.createDirectories(directory.resolve("src/com/acme"));
        Files.writeString(directory.resolve("src/module-info.java"), "module com.acme { }");
        Files.writeString(source.resolve("Main.java"), """
                package com.acme;
                public class Main {
                    public static void main(String[] args) throws Exception {
                        System.out.println("ready");
                        System.in.read();
                        System.out.println("done");
                    }
                }
                """);
        Path modules = Files.createDirectories(directory.resolve("modules"));
        assertEquals(0, ToolProvider.getSystemJavaCompiler().run(null, null, null, "--release", "17", "-d", modules.toString(),
                directory.resolve("src/module-info.java").toString(), source.resolve("Main.java").toString()));
        // only java.base is in the module graph of such a program, and what the agent asks for
        List<String> command = List.of(TestJvm.agent(""), "--module-path", modules.toString(), "-m", "com.acme/com.acme.Main");
        try (TestJvm jvm = TestJvm.start(jdk, Map.of(), command)) {
            jvm.awaitReady();
            assertEquals(0, jvm.finish());
            assertEquals(List.of("ready", "done"), jvm.out());
            assertEquals(List.of(), jvm.err());
        }
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void classDataSharingMayBeRequired(Jdk jdk) throws Exception {
        try (TestJvm jvm = TestJvm.start(jdk, List.of("-Xshare:on", TestJvm.agent("")), Brief.class, "1")) {
            assertEquals(0, jvm.exitStatus(), jvm.err().toString());
            assertEquals(List.of("ready", "done"), jvm.out());
        }
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void namedTwiceItStartsOnce(Jdk jdk) throws Exception {
        try (TestJvm jvm = TestJvm.start(jdk, List.of(TestJvm.agent("name=one"), TestJvm.agent("name=two")), Idle.class)) {
            assertEquals("one", jvm.awaitAgent().getAttribute(TestJvm.agentName(), "Name"));
            jvm.finish();
            assertEquals(1, jvm.err().size());
            assertTrue(jvm.err().get(0).contains("is already in this JVM"), jvm.err().toString());
        }
    }
}
