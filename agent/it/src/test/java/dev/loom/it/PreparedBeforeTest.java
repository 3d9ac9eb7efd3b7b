package dev.loom.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.loom.it.harness.AgentClient;
import dev.loom.it.harness.AgentJar;
import dev.loom.it.harness.Await;
import dev.loom.it.harness.BenchClient;
import dev.loom.it.harness.Jdk;
import dev.loom.it.harness.Jvm;
import dev.loom.it.targets.Counted;
import dev.loom.it.targets.Echo;
import dev.loom.it.targets.Sleeper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.management.openmbean.CompositeData;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Programs whose classes the control tool prepared before they were started. */
@DisplayName("A prepared application")
class PreparedBeforeTest {

    @TempDir
    static Path directory;

    /** All methods are prepared. */
    private static Path classes;
    /** Methods whose frames are gone soon are left without update points. */
    private static Path urgentClasses;
    private static Path runtime;

    @BeforeAll
    static void weave() throws IOException, InterruptedException {
        weave(Jvm.testClasses(), directory, "--all");
        classes = directory.resolve(Jvm.testClasses().getFileName());
        runtime = directory.resolve("loom-runtime.jar");
        weave(Jvm.testClasses(), directory.resolve("urgent"));
        urgentClasses = directory.resolve("urgent").resolve(classes.getFileName());
    }

    private static void weave(Path what, Path output, String... options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(Jdk.current().tool("java").toString(), "-jar", AgentJar.path().toString(), "weave",
                what.toString(), "--output", output.toString()));
        command.addAll(List.of(options));
        Process tool = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(tool.getInputStream().readAllBytes());
        assertEquals(0, tool.waitFor(), said);
    }

    static Stream<Jdk> jdks() {
        return Jdk.all().stream();
    }

    private static String[] lettingAttach(Jdk jdk) {
        return new String[] {jdk.hasVirtualThreads() ? "-XX:+EnableDynamicAgentLoading" : "-Dplain"};
    }

    private static int unprepared(AgentClient agent) {
        return (Integer) agent.agentAttribute("UnpreparedClasses");
    }

    /** Two workers that wait for jobs since the program's start come out of that into the region one after the other. */
    private static void assertMovesAndHolds(AgentClient agent, BenchClient bench) {
        agent.installed("sleeper", JmxClientTest.sleeper());
        Map<String, Long> atActive = bench.overlaps();
        bench.bean().command("stay a");
        bench.awaitTurnsOf("a", 1);
        bench.bean().command("job b");
        bench.bean().command("leave");
        bench.awaitTurnsOf("b", 1);
        bench.assertNoOverlaps(atActive, "while ACTIVE");
        assertEquals(2L, agent.hooks("sleeper").get(0).get("hits"));
        agent.removed("sleeper");
        bench.assertUnharmed();
        assertEquals(0, agent.faults(), agent.jvm()::output);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("jdks")
    @DisplayName("has nothing left to prepare under the agent; its frames move, hooks hold, and are gone after removal, twice")
    void withTheAgent(Jdk jdk) {
        try (Jvm jvm = Jvm.of(jdk, Sleeper.class).classPath(classes).withAgent("include=dev.loom.it.targets.**").start()) {
            jvm.awaitOutput("ready");
            AgentClient agent = new AgentClient(jvm);
            BenchClient bench = new BenchClient(jvm);
            assertEquals(0, unprepared(agent));
            assertTrue((Integer) agent.agentAttribute("InstrumentedMethods") > 1, "prepared methods are not counted");
            assertMovesAndHolds(agent, bench);
            agent.installed("sleeper", JmxClientTest.sleeper());
            agent.removed("sleeper");
            assertTrue(agent.explain(JmxClientTest.sleeper()).contains("Sleeper"), "explain knows the class");
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("jdks")
    @DisplayName("moves a frame out of a counted loop, which would else be left without points at load")
    void countedLoops(Jdk jdk) {
        try (Jvm jvm = Jvm.of(jdk, Counted.class).classPath(classes).withAgent("include=dev.loom.it.targets.Counted*").start()) {
            jvm.awaitOutput("ready");
            AgentClient agent = new AgentClient(jvm);
            BenchClient bench = new BenchClient(jvm);
            bench.bean().command("start young");
            bench.awaitTurnsOf("young", 100);
            assertEquals(0, unprepared(agent));
            AgentClient.accepted(agent.install("counted", PreparedLaterTest.filter(), ""));
            PreparedLaterTest.assertHeld(agent, bench);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("jdks")
    @DisplayName("leaves methods without points whose frames are gone soon; under the agent a frame there that lives on is known, and in the way")
    void leftForLater(Jdk jdk) {
        try (Jvm jvm = Jvm.of(jdk, Counted.class).classPath(urgentClasses)
                .withAgent("include=dev.loom.it.targets.Counted*", "prepare=needed").start()) {
            jvm.awaitOutput("ready");
            PreparedLaterTest.assertNoFrameIsForgotten(jvm);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("jdks")
    @DisplayName("and so is it when the agent is attached")
    void leftForLaterAndAttached(Jdk jdk) {
        try (Jvm jvm = Jvm.of(jdk, Counted.class).classPath(runtime, urgentClasses).options(lettingAttach(jdk)).start()) {
            jvm.awaitOutput("ready");
            jvm.attachAgent("include=dev.loom.it.targets.Counted*,prepare=needed");
            PreparedLaterTest.assertNoFrameIsForgotten(jvm);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("jdks")
    @DisplayName("keeps all the points that it came with under a filter, also when that filter is removed")
    void underAFilterFromTheStart(Jdk jdk, @TempDir Path here) throws IOException {
        Path filter = Files.writeString(here.resolve("counted.loom"), PreparedLaterTest.filter());
        try (Jvm jvm = Jvm.of(jdk, Counted.class).classPath(urgentClasses)
                .withAgent("include=dev.loom.it.targets.Counted*", "prepare=needed", "filters=" + filter).start()) {
            jvm.awaitOutput("ready");
            AgentClient agent = new AgentClient(jvm);
            agent.await("counted", "ACTIVE");
            agent.removed("counted");
            assertEquals(0, unprepared(agent), "the class has gone back to less than it came with");
            agent.installed("counted", PreparedLaterTest.filter());
            PreparedLaterTest.assertHeld(agent, new BenchClient(jvm));
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("jdks")
    @DisplayName("gets the rest of its points at load with prepare=start")
    void restAtLoad(Jdk jdk) {
        try (Jvm jvm = Jvm.of(jdk, Counted.class).classPath(urgentClasses)
                .withAgent("include=dev.loom.it.targets.Counted*", "prepare=start").start()) {
            jvm.awaitOutput("ready");
            AgentClient agent = new AgentClient(jvm);
            assertEquals(0, unprepared(agent));
            AgentClient.accepted(agent.install("counted", PreparedLaterTest.filter(), ""));
            PreparedLaterTest.assertHeld(agent, new BenchClient(jvm));
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("jdks")
    @DisplayName("started without the agent: frames from the very start move when it is attached")
    void attachedLater(Jdk jdk) {
        try (Jvm jvm = Jvm.of(jdk, Sleeper.class).classPath(runtime, classes).options(lettingAttach(jdk)).start()) {
            jvm.awaitOutput("ready");
            jvm.attachAgent("include=dev.loom.it.targets.**");
            AgentClient agent = new AgentClient(jvm);
            assertMovesAndHolds(agent, new BenchClient(jvm));
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("jdks")
    @DisplayName("and so do frames in loops that have run compiled since the start, again after a detach")
    void loopsFromTheStart(Jdk jdk) {
        try (Jvm jvm = Jvm.of(jdk, Counted.class).classPath(runtime, classes).options(lettingAttach(jdk)).start()) {
            jvm.awaitOutput("ready");
            BenchClient bench = new BenchClient(jvm);
            bench.bean().command("start young");
            bench.awaitTurnsOf("young", 100);
            for (int round = 0; round < 2; round++) {
                jvm.attachAgent("include=dev.loom.it.targets.Counted*");
                AgentClient agent = new AgentClient(jvm);
                AgentClient.accepted(agent.install("counted", PreparedLaterTest.filter(), ""));
                PreparedLaterTest.assertHeld(agent, bench);
                agent.detach();
                Await.until("detach", () -> !jvm.jcmd("VM.system_properties").contains("dev.loom.agent="));
            }
            bench.assertUnharmed();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("jdks")
    @DisplayName("runs without its run-time part too; frames whose guards were linked without it are named as stragglers")
    void withoutTheRuntime(Jdk jdk) {
        try (Jvm jvm = Jvm.of(jdk, Sleeper.class).classPath(classes).options(lettingAttach(jdk)).start()) {
            jvm.awaitOutput("ready");
            BenchClient bench = new BenchClient(jvm);
            bench.bean().command("job a");
            bench.bean().command("job b");
            bench.awaitTurnsOf("a", 1);
            bench.awaitTurnsOf("b", 1);
            jvm.attachAgent("include=dev.loom.it.targets.**");
            AgentClient agent = new AgentClient(jvm);
            AgentClient.accepted(agent.install("sleeper", JmxClientTest.sleeper(), ""));
            List<CompositeData> stragglers = agent.stragglers("sleeper");
            assertEquals(2, stragglers.size(), () -> agent.state("sleeper") + "\n" + jvm.output());
            bench.bean().command("restart a");
            bench.bean().command("restart b");
            agent.await("sleeper", "ACTIVE");
            agent.removed("sleeper");
            bench.assertUnharmed();
        }
    }

    /** The program may set no system property then, which is how its guards say that nobody links them. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("jdks")
    @DisplayName("runs without its run-time part under a security manager too")
    void withoutTheRuntimeUnderASecurityManager(Jdk jdk) throws IOException, InterruptedException {
        assumeTrue(jdk.feature() < 24, "JEP 486: there are no security managers from 24 on");
        Process program = new ProcessBuilder(
                jdk.tool("java").toString(), "-Djava.security.manager", "-cp", classes.toString(), Echo.class.getName(), "one", "two")
                .redirectErrorStream(true).start();
        String said = new String(program.getInputStream().readAllBytes());
        assertEquals(0, program.waitFor(), "a guard must not throw into the application: " + said);
        assertTrue(said.contains("one") && said.contains("two"), said);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("jdks")
    @DisplayName("comes out of an AppCDS archive, or an AOT cache, and its frames from the start move when the agent is attached")
    void outOfAnArchive(Jdk jdk, @TempDir Path here) throws IOException, InterruptedException {
        Path plain = here.resolve("targets-" + jdk.feature() + ".jar");
        jarOf(Jvm.testClasses(), plain);
        weave(plain, directory);
        Path jar = directory.resolve(plain.getFileName());
        Path archive = here.resolve("archive");
        boolean isAot = jdk.feature() >= 25;
        try (Jvm jvm = Jvm.of(jdk, Sleeper.class).classPath(runtime, jar)
                .options((isAot ? "-XX:AOTCacheOutput=" : "-XX:ArchiveClassesAtExit=") + archive).start()) {
            jvm.awaitOutput("ready");
            new BenchClient(jvm).bean().command("exit a");
            assertEquals(7, jvm.awaitExit(Await.LONG.multipliedBy(3)), jvm::output);
        }
        assertTrue(Files.exists(archive), "no archive was made");
        Path loaded = here.resolve("loaded.log");
        try (Jvm jvm = Jvm.of(jdk, Sleeper.class).classPath(runtime, jar).options(lettingAttach(jdk))
                .options((isAot ? "-XX:AOTCache=" : "-XX:SharedArchiveFile=") + archive, "-Xlog:class+load:file=" + loaded).start()) {
            jvm.awaitOutput("ready");
            String source = Files.readString(loaded).lines().filter(line -> line.contains(Sleeper.class.getName() + " ")).findFirst().orElse("");
            assertTrue(source.contains("shared objects file"), () -> "the class does not come out of the archive: " + source + "\n" + jvm.output());
            jvm.attachAgent("include=dev.loom.it.targets.**");
            assertMovesAndHolds(new AgentClient(jvm), new BenchClient(jvm));
        }
    }

    private static void jarOf(Path classes, Path jar) throws IOException {
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar)); Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                out.putNextEntry(new JarEntry(classes.relativize(file).toString()));
                Files.copy(file, out);
                out.closeEntry();
            }
        }
    }
}
