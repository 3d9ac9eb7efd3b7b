package dev.loom.agent.weave.torture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Some hundred generated methods a JDK, each run woven in seven ways, as every build does it. The long form: {@code -Dloom.torture.java=2000
 * -Dloom.torture.raw=2000 -Dloom.torture.seed=1}.
 */
class TortureTest {

    private static Stream<Path> jdks() throws IOException {
        List<Path> homes = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"))));
        Path all = Path.of("/usr/lib/jvm");
        if (Files.isDirectory(all)) {
            try (Stream<Path> list = Files.list(all)) {
                list.filter(home -> home.getFileName().toString().matches(".*-25-.*") && Files.isExecutable(home.resolve("bin/javac")))
                        .limit(1)
                        .forEach(homes::add);
            }
        }
        return homes.stream();
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void generated_methods_do_the_same_in_whatever_way_they_are_woven(Path home, @TempDir Path scratch) throws Exception {
        run(home, scratch, System.getProperty("loom.torture.seed", "1"), System.getProperty("loom.torture.java", "18"),
                System.getProperty("loom.torture.raw", "30"));
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void frames_that_are_to_move_where_the_stack_ends_skip_no_finally_and_leave_no_lock(Path home, @TempDir Path scratch) throws Exception {
        run(home, scratch, "stack");
    }

    private static void run(Path home, Path scratch, String... arguments) throws Exception {
        Path agent = scratch.resolve("redefine.jar");
        Manifest manifest = new Manifest();
        Attributes attributes = manifest.getMainAttributes();
        attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.putValue("Premain-Class", TortureMain.class.getName());
        attributes.putValue("Can-Redefine-Classes", "true");
        try (OutputStream out = Files.newOutputStream(agent);
                JarOutputStream jar = new JarOutputStream(out, manifest)) {
            jar.flush();
        }
        List<String> bootstrap = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            if (entry.contains("bootstrap") && !entry.endsWith("test-classes")) {
                bootstrap.add(entry);
            }
        }
        assertEquals(1, bootstrap.size(), "where is the bootstrap module? " + bootstrap);
        Path output = scratch.resolve("output.txt");
        List<String> command = new ArrayList<>(List.of(
                home.resolve("bin/java").toString(), "-Xmx600m", "-Xss2m", "-XX:TieredStopAtLevel=1", "-Xverify:all",
                "-Xbootclasspath/a:" + bootstrap.get(0), "-javaagent:" + agent, "-cp", System.getProperty("java.class.path"),
                TortureMain.class.getName()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        boolean ended = process.waitFor(Long.getLong("loom.torture.minutes", 15), TimeUnit.MINUTES);
        process.destroyForcibly();
        String text = new String(Files.readAllBytes(output), StandardCharsets.UTF_8);
        System.out.println(text.substring(Math.max(0, text.length() - 4_000)));
        assertTrue(ended, "it hangs: " + text);
        assertEquals(0, process.exitValue(), text);
        assertTrue(text.contains(" 0 failures"), text);
    }
}
