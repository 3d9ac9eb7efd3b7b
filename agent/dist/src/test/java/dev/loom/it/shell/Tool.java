package dev.loom.it.shell;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One run of the control tool, in a process of its own as users have it. */
record Tool(int status, List<String> out, List<String> err) {

    static Tool run(String... arguments) throws Exception {
        return run(Map.of(), arguments);
    }

    static Tool run(Map<String, String> environment, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("-jar", TestJvm.AGENT.toString()));
        command.addAll(List.of(arguments));
        Jdks.Jdk jdk = Jdks.all().findFirst().orElseThrow();
        try (TestJvm jvm = TestJvm.start(jdk, environment, command)) {
            int status = jvm.exitStatus();
            return new Tool(status, List.copyOf(jvm.out()), jvm.err());
        }
    }

    String text() {
        return String.join("\n", out) + "\n" + String.join("\n", err);
    }
}
