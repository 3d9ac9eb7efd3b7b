package dev.loom.bootstrap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StackEndTest {

    @TempDir
    private Path directory;

    @ParameterizedTest(name = "{0}, lock kept busy: {1}")
    @CsvSource({"-XX:+TieredCompilation,true", "-Xint,false", "-XX:TieredStopAtLevel=1,true"})
    void at_every_remaining_stack_depth_a_region_leaves_nothing_behind_and_an_event_is_counted_once(String option, boolean busy) throws Exception {
        Path output = directory.resolve("output");
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(List.of(option, "-Xbootclasspath/a:" + placeOf(Hooks.class), "-cp", placeOf(StackEnd.class),
                StackEnd.class.getName(), busy ? "6" : "2", Boolean.toString(busy)));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile()).start();
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
