package dev.loom.races.runner;

import com.sun.tools.attach.AttachNotSupportedException;
import dev.loom.client.ClientException;
import dev.loom.client.FilterState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * {@code Suggested RACES-DIRECTORY AGENT-JAR RESULTS [--seconds N] [--longest N] RACE...}: of each race, what {@code suggest} proposes first
 * for the exception or the dump of its first failure, installed, and whether failures go on. A race that fails in silence gives two stacks
 * of its two threads, taken under load. A race that has its line in the results is left out.
 */
public final class Suggested {

    /** Dumps taken until both threads are in the library at once. */
    private static final int SAMPLES = 4_000;

    private final Path races;
    private final Path agentJar;
    private final ControlToolProcess tool;
    private final double seconds;
    private final double longest;

    private Suggested(Path races, Path agentJar, double seconds, double longest) {
        this.races = races;
        this.agentJar = agentJar;
        this.tool = new ControlToolProcess(agentJar);
        this.seconds = seconds;
        this.longest = longest;
    }

    public static void main(String[] arguments) throws Exception {
        Path results = Path.of(arguments[2]);
        double seconds = 2;
        double longest = 30;
        List<String> names = new ArrayList<>();
        for (int i = 3; i < arguments.length; i++) {
            switch (arguments[i]) {
                case "--seconds" -> seconds = Double.parseDouble(arguments[++i]);
                case "--longest" -> longest = Double.parseDouble(arguments[++i]);
                default -> names.add(arguments[i]);
            }
        }
        Suggested suggested = new Suggested(Path.of(arguments[0]), Path.of(arguments[1]), seconds, longest);
        List<String> done = Files.exists(results) ? Files.readAllLines(results) : List.of();
        for (String race : names) {
            String start = "| " + Runtime.version().feature() + " | " + race + " | ";
            if (done.stream().noneMatch(line -> line.startsWith(start))) {
                String line;
                try {
                    line = start + suggested.row(race);
                } catch (IOException | ClientException | RuntimeException e) {
                    // one race that cannot be measured does not keep the others from it
                    System.out.println(start + "not measured: " + e);
                    continue;
                }
                System.out.println(line);
                Files.writeString(results, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            }
        }
    }

    private String row(String race) throws IOException, InterruptedException, ClientException, AttachNotSupportedException {
        Path traces = races.resolve("target").resolve(race + ".traces").toAbsolutePath();
        Files.deleteIfExists(traces);
        String options = "-javaagent:" + agentJar + " -Dloom.races.traces=" + traces;
        try (RaceJvm jvm = RaceJvm.start(races.resolve("run"), races.resolve("target").resolve(race + ".log"), options, race)) {
            jvm.counts();
            Thread.sleep(1_000);
            return row(race, traces, jvm);
        }
    }

    private String row(String race, Path traces, RaceJvm jvm) throws IOException, InterruptedException, ClientException, AttachNotSupportedException {
        try (Beans beans = Beans.of(jvm.pid())) {
            PhaseResult before = jvm.runUntil(seconds, longest, phase -> phase.failures() >= 5);
            String from = "exception or dump";
            if (!Files.exists(traces)) {
                from = "two stacks";
                if (!sampled(beans, traces)) {
                    return "none |  | both threads were never seen in the library at once |";
                }
            }
            ControlToolProcess.Result result = tool.run("suggest", traces.toString(), "--classpath", classPath(race), "--json");
            if (result.status() != 0 || !(JsonMaps.read(result.output()) instanceof List<?> proposals) || proposals.isEmpty()) {
                return from + " |  | nothing proposed |";
            }
            String text = (String) ((Map<?, ?>) proposals.get(0)).get("text");
            beans.install("suggested", text, "");
            boolean active = beans.await("suggested", FilterState.ACTIVE, 30) >= 0;
            Thread.sleep(1_000);
            long wanted = before.wanted();
            PhaseResult filtered = jvm.runUntil(seconds, longest, phase -> phase.operations() >= wanted);
            String constraint = text.lines().filter(l -> l.startsWith("    ") && !l.contains("about")).findFirst().orElse("").strip();
            return from + " | `" + constraint + "` | " + (active ? "ACTIVE" : "not ACTIVE") + ", failures " + before.failures() + " of "
                    + before.operations() + " before, " + filtered.failures() + " of " + filtered.operations() + " with it"
                    + (beans.hooks("suggested").get("bypasses").equals(0L) ? "" : ", harmful") + ": "
                    + verdict(filtered, wanted, active) + " |";
        }
    }

    private static String verdict(PhaseResult filtered, long wanted, boolean active) {
        if (filtered.failures() > 0 || !active) {
            return "not ended";
        }
        return filtered.operations() >= wanted ? "ended" : "none, but too few operations to tell";
    }

    private String classPath(String race) throws IOException {
        List<String> jars = new ArrayList<>(List.of(races.resolve("target/loom-races.jar").toString()));
        try (Stream<Path> all = Files.list(races.resolve("target/jars").resolve(race))) {
            all.map(Path::toString).filter(name -> name.endsWith(".jar")).sorted().forEach(jars::add);
        }
        return String.join(",", jars);
    }

    /** Both threads of a pair at the same moment, each inside the library. */
    private static boolean sampled(Beans beans, Path traces) throws IOException, ClientException {
        for (int i = 0; i < SAMPLES; i++) {
            List<String> stacks = beans.stacks(List.of("first-1", "second-1")).stream().filter(Suggested::isInLibrary).toList();
            if (stacks.size() == 2) {
                Files.writeString(traces, String.join("\n", stacks));
                return true;
            }
        }
        return false;
    }

    private static boolean isInLibrary(String stack) {
        String innermost = stack.lines().filter(l -> l.contains("\tat ") && !l.contains("\tat java.") && !l.contains("\tat jdk.")).findFirst().orElse("");
        return !innermost.isEmpty() && !innermost.contains("dev.loom.");
    }
}
