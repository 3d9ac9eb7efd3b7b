package dev.loom.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Starts JVMs that measure something, and reads what they print: lines of a name in capitals and a number. */
final class Forks {

    private static final String JAVA = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    /** So long a JVM warms up, and so long it measures, s. */
    private static final String WARM_UP = System.getProperty("benchmark.warmup", "2");

    private static final String SECONDS = System.getProperty("benchmark.seconds", "2");

    private final Path agent;
    private final Path scratch;

    Forks(Path agent, Path scratch) {
        this.agent = agent;
        this.scratch = scratch;
    }

    /** The options of a JVM with the agent and a filter, which has the name of its text. */
    List<String> filtered(String name, String text) throws IOException {
        Path file = scratch.resolve(name + ".loom");
        Files.writeString(file, text);
        return List.of("-javaagent:" + agent + "=filters=" + file, "-Dbenchmark.filter=" + name);
    }

    /** The options of a JVM with the agent and the filters of a directory. */
    List<String> filteredBy(Path directory, int count) {
        return List.of("-javaagent:" + agent + "=filters=" + directory, "-Dbenchmark.filter=*", "-Dbenchmark.filters=" + count);
    }

    List<String> withAgent() {
        return List.of("-javaagent:" + agent);
    }

    /** What one printed: its numbers by their names, and all lines. */
    record Output(Map<String, Double> numbers, List<String> lines) {}

    /** The options of a JVM with the agent, which prepares all classes as they load, and one behind it that looks at the bytes of classes. */
    List<String> watchedFromBehind() throws IOException {
        return List.of("-javaagent:" + agent + "=prepare=start", "-javaagent:" + ClassBytes.jar(scratch));
    }

    /** Runs one and returns its numbers by their names. */
    Map<String, Double> run(Class<?> main, List<String> options, String workload, int threads) throws Exception {
        return run(main, options, workload, threads, 2).numbers();
    }

    Output run(Class<?> main, List<String> options, String workload, int threads, int minutes) throws Exception {
        List<String> command = new ArrayList<>(List.of(JAVA, "-Xms1g", "-Xmx1g", "-XX:+UseSerialGC", "-XX:-UsePerfData"));
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName(), workload, WARM_UP, SECONDS, String.valueOf(threads)));
        Path output = scratch.resolve("output.txt");
        Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile()).start();
        if (!process.waitFor(minutes, TimeUnit.MINUTES)) {
            process.destroyForcibly().waitFor();
        }
        Map<String, Double> numbers = new HashMap<>();
        List<String> lines = Files.readAllLines(output);
        for (String line : lines) {
            if (line.matches("[A-Z]+ [-0-9.]+")) {
                numbers.put(line.substring(0, line.indexOf(' ')), Double.parseDouble(line.substring(line.indexOf(' '))));
            }
        }
        if (numbers.isEmpty() || process.exitValue() != 0) {
            throw new IllegalStateException(workload + " " + options + ":\n" + Files.readString(output));
        }
        return new Output(numbers, lines);
    }
}
