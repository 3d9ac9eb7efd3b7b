package dev.loom.bootstrap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeapEndTest {

    @TempDir
    private Path directory;

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"-XX:+UseSerialGC", "-XX:+UseG1GC"})
    void a_frame_that_moves_inside_without_the_lock_when_no_memory_is_left_goes_on_and_stays_known_until_it_leaves(String collector)
            throws Exception {
        Path output = directory.resolve("output");
        Process process = new ProcessBuilder(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx16m", collector,
                "-Xbootclasspath/a:" + placeOf(Hooks.class), "-cp", placeOf(HeapEnd.class), HeapEnd.class.getName()))
                .redirectErrorStream(true).redirectOutput(output.toFile()).start();
        boolean ended = process.waitFor(120, TimeUnit.SECONDS);
        process.destroyForcibly();
        String text = Files.readString(output);
        assertTrue(ended, () -> "does not end:\n" + text);
        assertEquals(0, process.exitValue(), text);
        assertTrue(text.contains("CLEAN"), text);
    }

    private static String placeOf(Class<?> type) throws Exception {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
    }
}
