package dev.loom.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each demo fails all the time by itself, and never when a hand-written lock stands where the filter would put one. */
class DemoRaceTest {

    private static final int SECONDS = 6;

    @ParameterizedTest
    @ValueSource(classes = {LogbackDemo.class, BankDemo.class, BoxOfficeDemo.class})
    void failsAtLeastOnceASecond(Class<?> demo) throws Exception {
        long failures = count(run(demo), "failures");
        assertTrue(failures >= SECONDS, () -> failures + " failures in " + SECONDS + " s");
    }

    @ParameterizedTest
    @ValueSource(classes = {LogbackDemo.class, BankDemo.class, BoxOfficeDemo.class})
    void neverFailsUnderAnEquivalentLock(Class<?> demo) throws Exception {
        String result = run(demo, "--exclusive");
        assertTrue(count(result, "operations") > SECONDS, result);
        assertEquals(0, count(result, "failures"), result);
    }

    private static String run(Class<?> demo, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                System.getProperty("java.home") + File.separator + "bin" + File.separator + "java",
                "-cp", System.getProperty("java.class.path"), demo.getName(), "--seconds", String.valueOf(SECONDS)));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertTrue(process.waitFor(10, TimeUnit.SECONDS), output);
            assertEquals(0, process.exitValue(), output);
            return output;
        } finally {
            process.destroyForcibly();
        }
    }

    private static long count(String output, String name) {
        Matcher number = Pattern.compile("\"" + name + "\":(\\d+)").matcher(output);
        assertTrue(number.find(), output);
        return Long.parseLong(number.group(1));
    }
}
