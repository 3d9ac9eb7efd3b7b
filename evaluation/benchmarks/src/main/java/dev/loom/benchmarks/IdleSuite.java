package dev.loom.benchmarks;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/** Applications with the agent and without a filter. */
final class IdleSuite {

    static final List<String> ALL = List.of(
            "loops", "matrix", "sort", "words", "jackson", "h2", "lucene", "netty", "tomcat", "spring", "javac");

    private final Turns turns;
    private final Forks forks;

    IdleSuite(Turns turns, Forks forks) {
        this.turns = turns;
        this.forks = forks;
    }

    void run(List<String> names) throws Exception {
        System.out.println("| workload | plain, µs CPU a turn | agent / plain | plain / plain |");
        System.out.println("|---|---|---|---|");
        double product = 1;
        double control = 1;
        for (String name : names) {
            Map<String, Callable<Double>> variants = new LinkedHashMap<>();
            variants.put("plain", () -> forks.run(Worker.class, List.of(), name, 1).get("NS"));
            variants.put("agent", () -> forks.run(Worker.class, forks.withAgent(), name, 1).get("NS"));
            Turns.Comparison comparison = turns.compare(variants);
            System.out.println(comparison.row(name, 1e3) + " |");
            product *= Turns.median(comparison.ratios()[0]);
            control *= Turns.median(comparison.ratios()[1]);
        }
        System.out.println("| geometric mean | | " + Turns.format(Math.pow(product, 1.0 / names.size()), 3) + " | "
                + Turns.format(Math.pow(control, 1.0 / names.size()), 3) + " |");
    }
}
