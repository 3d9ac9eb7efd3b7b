package dev.loom.filter.suggest;

import java.util.List;

/**
 * A race that a static analysis reports.
 *
 * @param what a few words
 * @param sides the steps of each thread from where it comes in to its access; one where both do the same, or the other is not told
 */
record ReportedRace(String what, List<List<Step>> sides) {

    ReportedRace {
        sides = sides.stream().map(List::copyOf).toList();
    }

    /**
     * A place in a source.
     *
     * @param file its path as the analysis was given it
     * @param line -1 if not told
     * @param type the method's class as it is told, perhaps without its package, {@code Bank$Worker}; empty if not told
     * @param method empty if not told
     */
    record Step(String file, int line, String type, String method) {}
}
