package dev.loom.benchmarks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/** An enforced region against the same lock written by hand, and against {@code synchronized}: time, bytes allocated, the longest wait. */
final class LockSuite {

    private static final String FILTER = """
            filter "benchmark" {
                atomic dev.loom.benchmarks.Locks#region
                atomic dev.loom.benchmarks.Locks#keyed by this
            }
            """;

    /** The rows by their number of threads and what they are about; empty: all. */
    private static final List<String> WANTED = List.of(System.getProperty("benchmark.locks", "").split(","));

    private final Turns turns;
    private final Forks forks;
    private final List<String> filtered;

    LockSuite(Turns turns, Forks forks) throws Exception {
        this.turns = turns;
        this.forks = forks;
        filtered = forks.filtered("benchmark", FILTER);
    }

    void run() throws Exception {
        System.out.println("| region, threads | ReentrantLock by hand, µs for 1,000 | Loom / by hand | synchronized / by hand | by hand / by hand"
                + " | CPU: Loom / by hand | bytes for 1,000: by hand, Loom | longest turn of 1,000, ms: by hand, Loom, synchronized |");
        System.out.println("|---|---|---|---|---|---|---|---|");
        for (int threads : new int[] {1, 2, 8}) {
            row("one lock", threads, "reentrant", "atomic", "synchronized");
        }
        row("a lock for each object", 1, "reentrant-own", "atomic-keyed", "synchronized");
        row("a lock for each of 1,000 objects", 8, "reentrant-many", "atomic-keyed-many", "synchronized-many");
    }

    private void row(String title, int threads, String byHand, String loom, String monitor) throws Exception {
        String name = title + ", " + threads;
        if (!WANTED.equals(List.of("")) && !WANTED.contains(loom + threads)) {
            return;
        }
        Map<String, List<Map<String, Double>>> seen = new LinkedHashMap<>();
        Map<String, Callable<Double>> variants = new LinkedHashMap<>();
        variants.put("by hand", () -> time(seen, byHand, threads, List.of()));
        variants.put("Loom", () -> time(seen, loom, threads, filtered));
        variants.put("synchronized", () -> time(seen, monitor, threads, List.of()));
        String row = turns.compare(variants).row(name, 1e3);
        double cpu = median(seen.get(loom), "CPU") / median(seen.get(byHand), "CPU");
        System.out.println(row + " | " + Turns.format(cpu, 2) + " | " + median(seen.get(byHand), "BYTES", 1) + ", " + median(seen.get(loom), "BYTES", 1) + " | "
                + longest(seen.get(byHand)) + ", " + longest(seen.get(loom)) + ", " + longest(seen.get(monitor)) + " |");
    }

    private double time(Map<String, List<Map<String, Double>>> seen, String workload, int threads, List<String> options) throws Exception {
        Map<String, Double> numbers = forks.run(LockWorker.class, options, workload, threads);
        seen.computeIfAbsent(workload, key -> new ArrayList<>()).add(numbers);
        return numbers.get("NS");
    }

    private static String median(List<Map<String, Double>> runs, String number, int digits) {
        return Turns.format(median(runs, number), digits);
    }

    private static double median(List<Map<String, Double>> runs, String number) {
        return Turns.median(runs.stream().mapToDouble(run -> run.get(number)).toArray());
    }

    /** The longest of each run: their median, and in parentheses the longest of all. */
    private static String longest(List<Map<String, Double>> runs) {
        double most = runs.stream().mapToDouble(run -> run.get("LONGEST")).max().orElse(0);
        return median(runs, "LONGEST", 1) + " (" + Turns.format(most, 1) + ')';
    }
}
