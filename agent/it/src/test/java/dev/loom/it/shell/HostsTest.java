package dev.loom.it.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.loom.it.harness.Jdk;
import dev.loom.it.shell.target.Worker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** JVMs that give less than the agent needs, or allow less: the application always runs, and one clear line says what is missing. */
class HostsTest {

    private static final String FILTER = "filter \"work\" {\n    atomic dev.loom.it.shell.target.Worker#work by this\n}\n";

    @TempDir
    Path directory;

    static Stream<Jdk> jdks() {
        return Jdk.all().stream();
    }

    /** From Java 24 on there is no security manager. */
    static Stream<Jdk> withSecurityManager() {
        return Jdk.all().stream().filter(jdk -> jdk.feature() < 24);
    }

    private static List<String> said(TestJvm jvm) {
        return jvm.err().stream().filter(line -> line.startsWith("loom")).toList();
    }

    @ParameterizedTest
    @MethodSource("withSecurityManager")
    void aSecurityManagerThatDeniesStopsTheAgentAndNotTheApplication(Jdk jdk) throws Exception {
        try (TestJvm jvm = TestJvm.start(jdk, List.of("-Djava.security.manager", TestJvm.agent("")), Worker.class)) {
            jvm.awaitErr(line -> line.startsWith("loom: agent not started"));
            assertEquals(0, jvm.finish(), "the application has to run:\n" + jvm.err());
            assertEquals(1, said(jvm).size(), jvm.err().toString());
            assertTrue(said(jvm).get(0).contains("permission java.security.AllPermission"), said(jvm).toString());
            assertFalse(jvm.err().stream().anyMatch(line -> line.startsWith("\tat ")), jvm.err().toString());
        }
    }

    @ParameterizedTest
    @MethodSource("withSecurityManager")
    void aSecurityManagerWhosePolicyGrantsTheAgentLetsFiltersIn(Jdk jdk) throws Exception {
        Path policy = Files.writeString(directory.resolve("loom.policy"),
                "grant codeBase \"" + TestJvm.AGENT.toUri() + "\" { permission java.security.AllPermission; };\n");
        try (TestJvm jvm = TestJvm.start(
                jdk, List.of("-Djava.security.manager", "-Djava.security.policy=" + policy, TestJvm.agent("")), Worker.class)) {
            cycle(jvm);
        }
    }

    @ParameterizedTest
    @MethodSource("withSecurityManager")
    void aSecurityManagerThatIsSetLaterDoesNotKeepTheAgentOut(Jdk jdk) throws Exception {
        List<String> allow = jdk.feature() >= 18 ? List.of("-Djava.security.manager=allow", TestJvm.agent("")) : List.of(TestJvm.agent(""));
        try (TestJvm jvm = TestJvm.start(jdk, allow, Worker.class, "security-manager")) {
            cycle(jvm);
        }
    }

    private void cycle(TestJvm jvm) throws Exception {
        Path file = Files.writeString(directory.resolve("work.loom"), FILTER);
        String pid = Long.toString(jvm.pid());
        jvm.await("the agent is listed", () -> Tool.run("list", pid).status() == 0);
        Tool add = Tool.run("add", pid, file.toString(), "--wait", "30");
        assertEquals(0, add.status(), add.text());
        Tool delete = Tool.run("delete", pid, "work", "--wait", "30");
        assertEquals(0, delete.status(), delete.text());
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void aRunTimeImageWithoutManagementEnforcesTheFiltersThatItIsGiven(Jdk jdk) throws Exception {
        Path image = directory.resolve("image");
        Process made = new ProcessBuilder(jdk.tool("jlink").toString(), "--add-modules", "java.base,java.instrument", "--output", image.toString())
                .inheritIO().start();
        assertEquals(0, made.waitFor());
        Path file = Files.writeString(directory.resolve("work.loom"), FILTER);
        List<String> command = new ArrayList<>(List.of(TestJvm.agent("log=stderr:info,filters=" + file), "-cp", TestJvm.CLASSES.toString(),
                Worker.class.getName()));
        try (TestJvm jvm = TestJvm.start(new Jdk(jdk.feature(), image), Map.of(), command)) {
            jvm.awaitErr(line -> line.contains("has no module java.management"));
            jvm.awaitErr(line -> line.contains("filter 'work': ACTIVE"));
            assertEquals(0, jvm.finish());
            assertFalse(jvm.err().stream().anyMatch(line -> line.startsWith("\tat ")), "a clear line is enough:\n" + jvm.err());
        }
    }
}
