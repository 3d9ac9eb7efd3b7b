package dev.loom.it.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.loom.it.harness.Jdk;
import dev.loom.it.shell.target.Worker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A time limit ends a command whatever the target does. */
class WaitLimitTest {

    @TempDir
    Path directory;

    /** A JVM that is stopped by a signal answers nothing, ever: without the limit the command would never end. */
    @Test
    void aTargetThatAnswersNothingEndsTheCommandWhenItsTimeIsOver() throws Exception {
        Path filter = Files.writeString(directory.resolve("work.loom"), "atomic dev.loom.it.shell.target.Worker#work by this");
        Jdk jdk = Jdk.all().get(0);
        try (TestJvm jvm = TestJvm.start(jdk, List.of(TestJvm.agent("")), Worker.class)) {
            jvm.awaitAgent();
            signal(jvm, "STOP");
            try {
                for (String[] command : new String[][] {{"add", pid(jvm), filter.toString()}, {"delete", pid(jvm), "work"}}) {
                    Tool tool = Tool.run(limited(command));
                    assertEquals(3, tool.status(), tool.text());
                    assertTrue(tool.text().contains("no answer from " + pid(jvm) + " in time"), tool.text());
                    assertTrue(tool.text().contains("'status " + pid(jvm)), "it has to say what can be done:\n" + tool.text());
                }
            } finally {
                signal(jvm, "CONT");
            }
        }
    }

    private static String[] limited(String[] command) {
        String[] all = java.util.Arrays.copyOf(command, command.length + 2);
        all[command.length] = "--wait";
        all[command.length + 1] = "3";
        return all;
    }

    private static String pid(TestJvm jvm) {
        return Long.toString(jvm.pid());
    }

    private static void signal(TestJvm jvm, String signal) throws Exception {
        assertEquals(0, new ProcessBuilder("kill", "-" + signal, pid(jvm)).inheritIO().start().waitFor());
    }
}
