package dev.loom.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.loom.it.harness.AgentClient;
import dev.loom.it.harness.Await;
import dev.loom.it.harness.BenchClient;
import dev.loom.it.harness.Jdk;
import dev.loom.it.harness.Jvm;
import dev.loom.it.targets.Initializers;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.management.openmbean.CompositeData;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Programs and libraries that change what Loom itself stands on: threads, locks, the initialization of classes. */
@DisplayName("Strange JVMs: a filter holds, the program ends, and nothing of the application's is called")
class StrangersTest {

    private static final Pattern RESULT = Pattern.compile("rotations (\\d+) violations (\\d+) slowest (\\d+) ms");

    static Stream<Jdk> jdks() {
        return Jdk.all().stream();
    }

    static Stream<Arguments> sorts() {
        return jdks().flatMap(jdk -> Stream.of("mocks", "throws", "numbers-from-0", "numbers-below-0", "numbers-of-others")
                .map(sort -> Arguments.of(jdk, sort)));
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("sorts")
    @DisplayName("threads that override all they can, and mocks of Thread, ReentrantLock and Object, change nothing for a region that runs alone")
    void rotations(Jdk jdk, String sort, @TempDir Path directory) throws Exception {
        Path filter = Files.writeString(directory.resolve("alone.loom"),
                "filter \"alone\" { dev.loom.it.targets.Rotations#rotate <> * }");
        try (Jvm jvm = Jvm.of(jdk, Class.forName("dev.loom.it.targets.Rotations")).withAgent("filters=" + filter)
                .options("-XX:+EnableDynamicAgentLoading")
                .classPath(Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator)).map(Path::of)
                        .toArray(Path[]::new))
                .arguments(sort, "4").start()) {
            assertEquals(0, jvm.awaitExit(Duration.ofSeconds(60)), jvm.output());
            Matcher result = RESULT.matcher(jvm.output());
            assertTrue(jvm.output().contains("CLEAN") && result.find(), "the program did not come to its end:\n" + jvm.output());
            assertEquals("0", result.group(2), "somebody counted while a thread was in the region:\n" + jvm.output());
            assertTrue(Integer.parseInt(result.group(1)) > 10, "rotations take too long, the longest " + result.group(3)
                    + " ms: does the watch know each thread by its own number?\n" + jvm.output());
            assertFalse(jvm.output().contains("did not come to a poll"), "a thread was given up:\n" + jvm.output());
            assertFalse(jvm.output().contains("was called"), "Loom called a method that the application overrides:\n" + jvm.output());
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("jdks")
    @DisplayName("a waiter whose holder waits for the initialization of a class is shown while it waits, and let through within the guard's bound")
    void initializers(Jdk jdk) {
        try (Jvm jvm = Jvm.of(jdk, Initializers.class).withAgent().start().awaitOutput("ready")) {
            AgentClient agent = new AgentClient(jvm);
            BenchClient bench = new BenchClient(jvm);
            agent.installed("initializers", "atomic dev.loom.it.targets.Initializers#region");
            bench.bean().command("go");
            Await.until("a thread waits for the region", () -> waits(agent).size() == 1);
            CompositeData wait = waits(agent).get(0);
            assertEquals("in-initializer", wait.get("thread"));
            assertTrue(((String[]) wait.get("waitsFor"))[0].startsWith("in-region ("), Arrays.toString((String[]) wait.get("waitsFor")));
            CompositeData hook = agent.hooks("initializers").get(0);
            assertEquals(1L, hook.get("hits"), "the thread that is inside has entered");
            assertEquals(1L, hook.get("contended"), "a wait counts from when it begins");
            assertTrue((Long) hook.get("waitNanosTotal") > 0, "its time counts as it passes");
            jvm.awaitOutput("in the region 1").awaitOutput("in the initializer 1");
            // the guard lets the thread pass first, and the manager's thread hears of it afterwards
            Await.until("the filter is marked harmful", () -> (Boolean) agent.filterAttribute("initializers", "Harmful"));
            assertEquals(List.of(), waits(agent));
            assertEquals(1L, agent.hooks("initializers").get(0).get("bypasses"));
        }
    }

    private static List<CompositeData> waits(AgentClient agent) {
        return List.of((CompositeData[]) agent.filterAttribute("initializers", "Waits"));
    }
}
