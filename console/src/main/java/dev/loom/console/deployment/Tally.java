package dev.loom.console.deployment;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How many JVMs of a deployment are in which state: what its own state follows from.
 *
 * @param rows all JVMs
 * @param ended those where nothing is left to do
 * @param states number of JVMs by state
 */
record Tally(int rows, int ended, Map<String, Integer> states) {

    static Tally of(List<Assignment> rows) {
        Map<String, Integer> states = new TreeMap<>();
        rows.forEach(r -> states.merge(r.state(), 1, Integer::sum));
        return new Tally(rows.size(), (int) rows.stream().filter(r -> r.phase() == Phase.ENDED).count(), states);
    }

    boolean any(String... wanted) {
        for (String state : wanted) {
            if (states.containsKey(state)) {
                return true;
            }
        }
        return false;
    }

    /** Number of JVMs in one of these states. */
    int count(Iterable<String> wanted) {
        int count = 0;
        for (String state : wanted) {
            count += states.getOrDefault(state, 0);
        }
        return count;
    }
}
