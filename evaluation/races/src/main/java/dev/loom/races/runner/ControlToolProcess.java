package dev.loom.races.runner;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Loom's control tool, as an operator calls it. */
final class ControlToolProcess {

    private final Path agentJar;

    ControlToolProcess(Path agentJar) {
        this.agentJar = agentJar;
    }

    /** @param millis the whole command took, its own start included */
    record Result(int status, String output, long millis) {

        /** The filter's state, or what the tool said instead. */
        String state() {
            return output.startsWith("{") && JsonMaps.read(output) instanceof Map<?, ?> map && map.get("state") instanceof String state ? state : output;
        }
    }

    Result run(String... arguments) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/java", "-XX:TieredStopAtLevel=1", "-jar", agentJar.toString()));
        command.addAll(List.of(arguments));
        long begun = System.nanoTime();
        Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        return new Result(process.waitFor(), output, (System.nanoTime() - begun) / 1_000_000);
    }
}
