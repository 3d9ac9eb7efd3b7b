package dev.loom.benchmarks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.DoubleStream;

/**
 * What {@code find} costs an application with its default budget, what it leaves, and what it finds there. In each round one JVM in which races
 * are looked for and one in which none are, in turn; two threads work in each.
 */
final class FindSuite {

    private static final int THREADS = 2;
    private static final int MINUTES = 10;
    private static final double LEAST_THROUGHPUT = 0.95;
    private static final double LONGEST_PAUSE_MILLIS = 20;
    private static final List<String> SEARCH = List.of("BEGIN", "FIRST", "SECOND", "END");

    private final Turns turns;
    private final Forks forks;

    FindSuite(Turns turns, Forks forks) {
        this.turns = turns;
        this.forks = forks;
    }

    /** All rounds of an application. */
    private record Runs(String name, List<Forks.Output> with, List<Forks.Output> without) {

        private static double[] each(List<Forks.Output> outputs, String numerator, String denominator) {
            return outputs.stream().mapToDouble(o -> o.numbers().get(numerator) / o.numbers().get(denominator)).toArray();
        }

        /** How a phase compares to that before, with a search; to the same without. */
        double[] ratios(String phase) {
            double[] ratios = each(with, phase, "BEFORE");
            double[] control = each(without, phase, "BEFORE");
            for (int i = 0; i < ratios.length; i++) {
                ratios[i] /= control[i];
            }
            return ratios;
        }

        static double most(List<Forks.Output> outputs, List<String> phases, String suffix) {
            return outputs.stream().flatMapToDouble(o -> phases.stream().mapToDouble(p -> o.numbers().get(p + suffix))).max().orElse(0);
        }

        static String spread(List<Forks.Output> outputs, String name) {
            double[] values = outputs.stream().mapToDouble(o -> o.numbers().get(name)).toArray();
            return Turns.format(DoubleStream.of(values).min().orElse(0), 0) + " to " + Turns.format(DoubleStream.of(values).max().orElse(0), 0);
        }

        double median(String name) {
            return Turns.median(with.stream().mapToDouble(o -> o.numbers().get(name)).toArray());
        }

        double most(String name) {
            return with.stream().mapToDouble(o -> o.numbers().get(name)).max().orElse(0);
        }
    }

    /** Whether all came out as wanted. */
    boolean run(List<String> names) throws Exception {
        List<String> options = new ArrayList<>(forks.watchedFromBehind());
        options.add("-Dbenchmark.search=" + FindWorker.SEARCH_SECONDS);
        List<String> none = new ArrayList<>(options);
        none.add("-Dbenchmark.find=false");
        List<Runs> all = new ArrayList<>();
        for (String name : names) {
            Runs runs = new Runs(name, new ArrayList<>(), new ArrayList<>());
            for (int round = 0; round < turns.rounds(); round++) {
                runs.with().add(forks.run(FindWorker.class, options, name, THREADS, MINUTES));
                runs.without().add(forks.run(FindWorker.class, none, name, THREADS, MINUTES));
            }
            all.add(runs);
            System.out.println("(" + name + " is done)");
        }
        throughput(all);
        pauses(all);
        rest(all);
        searches(all);
        findings(all);
        return verdict(all);
    }

    private static void throughput(List<Runs> all) {
        System.out.println("\n| application | before, turns/s | while `find` runs, " + FindWorker.SEARCH_SECONDS
                + " s, its begin and end included | its second half | after it | without `find`: the same times, the last to the first |");
        System.out.println("|---|---|---|---|---|---|");
        for (Runs runs : all) {
            System.out.println("| " + runs.name() + " | " + Turns.format(runs.median("BEFORE"), 1) + " | " + Turns.spread(runs.ratios("DURING")) + " | "
                    + Turns.spread(runs.ratios("SECOND")) + " | " + Turns.spread(runs.ratios("AFTER")) + " | "
                    + Turns.spread(Runs.each(runs.without(), "DURING", "BEFORE")) + " |");
        }
    }

    private static void pauses(List<Runs> all) {
        System.out.println("\n| application | longest gap of a beat of 1 ms, ms: before | it begins | it goes on | it ends | without `find`, the same times"
                + " | longest turn of a thread, ms: before | with `find` | without |");
        System.out.println("|---|---|---|---|---|---|---|---|---|");
        for (Runs runs : all) {
            StringBuilder row = new StringBuilder("| " + runs.name());
            for (List<String> phases : List.of(List.of("BEFORE"), List.of("BEGIN"), List.of("FIRST", "SECOND"), List.of("END"))) {
                row.append(" | ").append(Turns.format(Runs.most(runs.with(), phases, "GAP"), 1));
            }
            row.append(" | ").append(Turns.format(Runs.most(runs.without(), SEARCH, "GAP"), 1));
            row.append(" | ").append(Turns.format(Runs.most(runs.with(), List.of("BEFORE"), "TURN"), 1));
            row.append(" | ").append(Turns.format(Runs.most(runs.with(), SEARCH, "TURN"), 1));
            row.append(" | ").append(Turns.format(Runs.most(runs.without(), SEARCH, "TURN"), 1));
            System.out.println(row + " |");
        }
    }

    private static void rest(List<Runs> all) {
        System.out.println("\n| application | classes | that `find` changed | that are not as before | threads more | heap, KB more after it | after a second `find`"
                + " | without `find` | metaspace, KB more after it | after a second `find` | without `find` |");
        System.out.println("|---|---|---|---|---|---|---|---|---|---|---|");
        for (Runs runs : all) {
            System.out.println("| " + runs.name() + " | " + Turns.format(runs.median("CLASSES"), 0) + " | " + Turns.format(runs.median("CHANGED"), 0) + " | "
                    + Turns.format(runs.most("DIFFERING"), 0) + " | " + Turns.format(runs.most("THREADS"), 0) + " | " + Runs.spread(runs.with(), "HEAP") + " | "
                    + Runs.spread(runs.with(), "HEAPAGAIN") + " | " + Runs.spread(runs.without(), "HEAP") + " | " + Runs.spread(runs.with(), "META") + " | "
                    + Runs.spread(runs.with(), "METAAGAIN") + " | " + Runs.spread(runs.without(), "META") + " |");
            runs.with().stream().flatMap(o -> o.lines().stream()).filter(l -> l.startsWith("DIFFERS ")).distinct().forEach(System.out::println);
        }
    }

    private static void searches(List<Runs> all) {
        System.out.println("\n| application | classes watched | places | reached | paused | pauses, % of the time | watching, % |");
        System.out.println("|---|---|---|---|---|---|---|");
        for (Runs runs : all) {
            StringBuilder row = new StringBuilder("| " + runs.name());
            for (String name : List.of("WATCHED", "PLACES", "REACHED", "PAUSED")) {
                row.append(" | ").append(Turns.format(runs.median(name), 0));
            }
            System.out.println(row + " | " + Turns.format(runs.median("PAUSES"), 2) + " | " + Turns.format(runs.median("WATCHING"), 2) + " |");
        }
    }

    /** Of all rounds together, each once. */
    private static void findings(List<Runs> all) {
        for (Runs runs : all) {
            Map<String, String> found = new LinkedHashMap<>();
            Set<String> uncovered = new LinkedHashSet<>();
            for (Forks.Output output : runs.with()) {
                output.lines().stream().filter(l -> l.startsWith("FINDING ")).map(l -> l.substring("FINDING ".length()))
                        .forEach(l -> found.putIfAbsent(FoundText.key(l), l));
                output.lines().stream().filter(l -> l.startsWith("UNCOVERED ")).forEach(uncovered::add);
            }
            System.out.println("\n" + runs.name() + ": " + found.size() + " findings in " + runs.with().size() + " searches");
            found.values().forEach(l -> System.out.println(FoundText.lines(l)));
            uncovered.stream().limit(10).forEach(l -> System.out.println("    not covered: " + l.substring("UNCOVERED ".length())));
        }
    }

    private static boolean verdict(List<Runs> all) {
        boolean holds = true;
        System.out.println();
        for (Runs runs : all) {
            double throughput = Turns.median(runs.ratios("DURING"));
            double pause = Runs.most(runs.with(), SEARCH, "GAP");
            holds &= say(throughput >= LEAST_THROUGHPUT, runs.name() + ": throughput " + Turns.format(throughput, 3) + " of that without, " + LEAST_THROUGHPUT + " wanted");
            holds &= say(pause <= LONGEST_PAUSE_MILLIS, runs.name() + ": longest gap " + Turns.format(pause, 1) + " ms, " + LONGEST_PAUSE_MILLIS + " at most, "
                    + Turns.format(Runs.most(runs.without(), SEARCH, "GAP"), 1) + " without");
            holds &= say(runs.most("DIFFERING") == 0 && runs.median("CHANGED") > 0, runs.name() + ": each class that was changed has the bytes that it had");
            holds &= say(runs.most("THREADS") <= 0, runs.name() + ": no thread is left");
        }
        return holds;
    }

    private static boolean say(boolean holds, String what) {
        System.out.println((holds ? "holds  " : "FAILS  ") + what);
        return holds;
    }
}
