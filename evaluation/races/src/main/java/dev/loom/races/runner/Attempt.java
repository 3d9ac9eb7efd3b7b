package dev.loom.races.runner;

import org.jspecify.annotations.Nullable;

/**
 * What became of one proposal.
 *
 * @param constraint the line of the filter that says what it does
 * @param brokenAt the step at which it turned out not to be the one; null if it held
 * @param why likewise
 * @param enforced what the race did while it was ACTIVE; null if it did not come to that
 * @param others findings of the second search that are other races
 */
record Attempt(
        SeenRace finding, String constraint, @Nullable String brokenAt, String why, long overlaps, @Nullable PhaseResult enforced, int others) {

    boolean held() {
        return brokenAt == null;
    }

    static Attempt broken(SeenRace finding, String constraint, String step, String why, long overlaps) {
        return new Attempt(finding, constraint, step, why, overlaps, null, 0);
    }
}
