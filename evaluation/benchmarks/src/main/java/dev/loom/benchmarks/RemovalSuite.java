package dev.loom.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/** What is left of a filter's cost once it was removed, and what filters cost a thread that meets none of them. */
final class RemovalSuite {

    /** Filters that nobody meets. */
    private static final int MANY = 100;

    private final Turns turns;
    private final Forks forks;

    RemovalSuite(Turns turns, Forks forks) {
        this.turns = turns;
        this.forks = forks;
    }

    void run() throws Exception {
        System.out.println("| workload | before, µs CPU a turn | with a filter / before | after its removal / before | the same times without a filter |");
        System.out.println("|---|---|---|---|---|");
        for (String workload : List.of("none", "jackson", "h2")) {
            removal(workload);
        }
        System.out.println();
        System.out.println("| workload | agent without a filter, µs CPU a turn | with " + MANY + " filters / without | without / without |");
        System.out.println("|---|---|---|---|");
        Path filters = Files.createTempDirectory("loom-filters");
        write(filters);
        for (String workload : List.of("sort", "words", "jackson", "h2")) {
            Map<String, Callable<Double>> variants = new LinkedHashMap<>();
            variants.put("without", () -> forks.run(Worker.class, forks.withAgent(), workload, 1).get("NS"));
            variants.put("with", () -> forks.run(Worker.class, forks.filteredBy(filters, MANY), workload, 1).get("NS"));
            System.out.println(turns.compare(variants).row(workload, 1e3) + " |");
        }
    }

    private void removal(String workload) throws Exception {
        List<double[]> ratios = new ArrayList<>();
        double[] before = new double[turns.rounds()];
        for (int i = 0; i < 3; i++) {
            ratios.add(new double[turns.rounds()]);
        }
        List<String> none = new ArrayList<>(forks.withAgent());
        none.add("-Dbenchmark.install=false");
        for (int round = 0; round < turns.rounds(); round++) {
            Map<String, Double> with = forks.run(RemovalWorker.class, forks.withAgent(), workload, 1);
            Map<String, Double> without = forks.run(RemovalWorker.class, none, workload, 1);
            before[round] = with.get("BEFORE");
            ratios.get(0)[round] = with.get("DURING") / with.get("BEFORE");
            ratios.get(1)[round] = with.get("AFTER") / with.get("BEFORE");
            ratios.get(2)[round] = without.get("AFTER") / without.get("BEFORE");
        }
        System.out.println(new Turns.Comparison(before, ratios.toArray(double[][]::new)).row(workload, 1e3) + " |");
    }

    /** Each is of a method of a class that is loaded, and that no thread runs. */
    private static void write(Path directory) throws IOException {
        for (int i = 0; i < MANY; i++) {
            String text = "filter \"unmet" + i + "\" {\n    atomic dev.loom.benchmarks.Unmet#m" + i % 10 + "\n}\n";
            Files.writeString(directory.resolve("unmet" + i + ".loom"), text);
        }
    }
}
