package dev.loom.benchmarks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;

/**
 * Runs variants in turn and says how they compare. In each round every variant runs once, the first one again at the end: the last column
 * of a row is what a ratio of two equal things looked like.
 */
final class Turns {

    private final int rounds;

    Turns(int rounds) {
        this.rounds = rounds;
    }

    /**
     * What was measured.
     *
     * @param base numbers of the first variant, by round
     * @param ratios of the other variants, and of the first itself, to it; by variant, then by round
     */
    record Comparison(double[] base, double[][] ratios) {

        /**
         * A row of a table without its end: what the first variant took, then the ratios.
         *
         * @param unit what its numbers are divided by
         */
        String row(String title, double unit) {
            StringBuilder line = new StringBuilder("| " + title + " | " + format(median(base) / unit, 1));
            for (double[] some : ratios) {
                line.append(" | ").append(spread(some));
            }
            return line.toString();
        }
    }

    Comparison compare(Map<String, ? extends Callable<Double>> variants) throws Exception {
        List<String> names = new ArrayList<>(variants.keySet());
        String first = names.get(0);
        double[] base = new double[rounds];
        double[][] ratios = new double[names.size()][rounds];
        for (int round = 0; round < rounds; round++) {
            base[round] = variants.get(first).call();
            for (int v = 1; v < names.size(); v++) {
                ratios[v - 1][round] = variants.get(names.get(v)).call();
            }
            double again = variants.get(first).call();
            for (int v = 1; v < names.size(); v++) {
                // against both of the round: a drift of the machine goes out
                ratios[v - 1][round] /= (base[round] + again) / 2;
            }
            ratios[names.size() - 1][round] = again / base[round];
        }
        return new Comparison(base, ratios);
    }

    int rounds() {
        return rounds;
    }

    /** The median, and in parentheses the least and the most. */
    static String spread(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return format(median(values), 2) + " (" + format(sorted[0], 2) + " to " + format(sorted[sorted.length - 1], 2) + ')';
    }

    static String format(double value, int digits) {
        return String.format(Locale.ROOT, "%." + digits + "f", value);
    }

    static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }
}
