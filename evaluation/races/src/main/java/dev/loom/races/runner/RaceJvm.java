package dev.loom.races.runner;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A JVM under the load of one race. */
final class RaceJvm implements AutoCloseable {

    private final Process process;
    private final BufferedReader output;
    private final BufferedWriter input;
    private final Path log;

    private RaceJvm(Process process, Path log) {
        this.process = process;
        this.output = process.inputReader(StandardCharsets.UTF_8);
        this.input = process.outputWriter(StandardCharsets.UTF_8);
        this.log = log;
    }

    /** @param run the script that starts a race; @param options of the JVM, an agent say */
    static RaceJvm start(Path run, Path log, String options, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(run.toString()));
        command.addAll(List.of(arguments));
        return start(command, Map.of("JAVA_HOME", System.getProperty("java.home"), "JAVA_OPTS", options), log);
    }

    static RaceJvm start(List<String> command, Map<String, String> environment, Path log) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(log.toFile());
        builder.environment().putAll(environment);
        return new RaceJvm(builder.start(), log);
    }

    long pid() {
        return process.pid();
    }

    PhaseResult.Counts counts() throws IOException {
        return command("counts");
    }

    void restartWorkers() throws IOException {
        command("restart");
    }

    private PhaseResult.Counts command(String command) throws IOException {
        input.write(command + "\n");
        input.flush();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.startsWith("{\"reply\"")) {
                return PhaseResult.Counts.of((Map<?, ?>) JsonMaps.read(line));
            }
        }
        throw new IOException("the race's JVM has ended; see " + log);
    }

    PhaseResult run(double seconds) throws IOException, InterruptedException {
        PhaseResult.Counts from = counts();
        Thread.sleep((long) (seconds * 1000));
        return PhaseResult.between(from, counts());
    }

    /** Goes on, in steps of {@code seconds}, until it has seen what is wanted, at most for {@code longest}. */
    PhaseResult runUntil(double seconds, double longest, Wanted wanted) throws IOException, InterruptedException {
        PhaseResult.Counts from = counts();
        while (true) {
            Thread.sleep((long) (seconds * 1000));
            PhaseResult phase = PhaseResult.between(from, counts());
            if (wanted.isIn(phase) || phase.seconds() + seconds > longest) {
                return phase;
            }
        }
    }

    interface Wanted {
        boolean isIn(PhaseResult phase);
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
