package dev.loom.it.shell;

import dev.loom.it.harness.Jdk;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One run of the control tool, in a process of its own as users have it. */
record Tool(int status, List<String> out, List<String> err) {

    static Tool run(String... arguments) throws Exception {
        return run(Map.of(), arguments);
    }

    static Tool run(Map<String, String> environment, String... arguments) throws Exception {
        return run(TestJvm.AGENT, environment, arguments);
    }

    /** Runs the tool out of another copy of the jar. */
    static Tool of(Path jar, String... arguments) throws Exception {
        return run(jar, Map.of(), arguments);
    }

    private static Tool run(Path jar, Map<String, String> environment, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("-jar", jar.toString()));
        command.addAll(List.of(arguments));
        Jdk jdk = Jdk.all().get(0);
        try (TestJvm jvm = TestJvm.start(jdk, environment, command)) {
            int status = jvm.exitStatus();
            return new Tool(status, List.copyOf(jvm.out()), jvm.err());
        }
    }

    String text() {
        return String.join("\n", out) + "\n" + String.join("\n", err);
    }
}
