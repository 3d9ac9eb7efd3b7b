package dev.loom.benchmarks;

import java.util.HashMap;
import java.util.Map;

/** Small loops in which a guard at each back-edge would show, if anywhere. */
final class Kernels {

    private Kernels() {}

    /** Shifts and sums, in nested loops without a call. */
    static long loops() {
        long x = 88172645463325252L;
        long sum = 0;
        for (int i = 0; i < 200; i++) {
            for (int j = 0; j < 500; j++) {
                x ^= x << 13;
                x ^= x >>> 7;
                x ^= x << 17;
                sum += x & 15;
            }
        }
        return sum;
    }

    /** A product of matrices. */
    static Workload matrix() {
        int n = 96;
        double[][] a = new double[n][n];
        double[][] b = new double[n][n];
        double[][] c = new double[n][n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                a[i][j] = i - j;
                b[i][j] = i + 2 * j;
            }
        }
        return () -> {
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < n; j++) {
                    double sum = 0;
                    for (int k = 0; k < n; k++) {
                        sum += a[i][k] * b[k][j];
                    }
                    c[i][j] = sum;
                }
            }
            return (long) c[7][9];
        };
    }

    /** Bubbles through an array: short loops with branches and stores. */
    static Workload sort() {
        int[] numbers = new int[400];
        return () -> {
            int seed = 42;
            for (int i = 0; i < numbers.length; i++) {
                seed = seed * 1_103_515_245 + 12_345;
                numbers[i] = seed >>> 8;
            }
            for (int end = numbers.length - 1; end > 0; end--) {
                for (int i = 0; i < end; i++) {
                    if (numbers[i] > numbers[i + 1]) {
                        int swap = numbers[i];
                        numbers[i] = numbers[i + 1];
                        numbers[i + 1] = swap;
                    }
                }
            }
            return numbers[17];
        };
    }

    /** Strings, a map, a while loop over characters. */
    static long words() {
        Map<String, Integer> counts = new HashMap<>();
        String text = "the quick brown fox jumps over the lazy dog and the dog sleeps on while the fox is gone";
        for (int round = 0; round < 20; round++) {
            int from = 0;
            while (from < text.length()) {
                int to = from;
                while (to < text.length() && text.charAt(to) != ' ') {
                    to++;
                }
                counts.merge(text.substring(from, to), 1, Integer::sum);
                from = to + 1;
            }
        }
        return counts.get("the");
    }
}
