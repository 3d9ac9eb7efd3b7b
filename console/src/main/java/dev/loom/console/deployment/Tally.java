package dev.loom.console.deployment;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * How many JVMs of a deployment are in which state: what its own state follows from.
 *
 * @param rows all JVMs
 * @param ended those where nothing is left to do
 * @param states number of JVMs by state
 */
record Tally(int rows, int ended, Map<JvmState, Integer> states) {

    static Tally of(List<Assignment> rows) {
        Map<JvmState, Integer> states = new EnumMap<>(JvmState.class);
        rows.forEach(r -> states.merge(r.state(), 1, Integer::sum));
        return new Tally(rows.size(), (int) rows.stream().filter(r -> r.phase() == Phase.ENDED).count(), states);
    }

    /** Number of JVMs in states of a kind. */
    int count(Predicate<JvmState> kind) {
        return states.entrySet().stream().filter(e -> kind.test(e.getKey())).mapToInt(Map.Entry::getValue).sum();
    }

    /** Number of JVMs in a state. */
    int count(JvmState state) {
        return states.getOrDefault(state, 0);
    }
}
