package dev.loom.console.rollout;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A roll-out, as stored.
 *
 * @param targets ids of all its JVMs; empty with a selector
 * @param step number of the step at work, from 0; the number of steps when all are done
 * @param stepMillis how long the step has run, by a clock that cannot be set
 * @param runMillis how long the roll-out has run, by such a clock
 * @param reason why it was taken or set back; empty if it was not
 */
record Rollout(
        long deployment,
        @Nullable String selector,
        List<Long> targets,
        String strategy,
        State state,
        int step,
        StepState stepState,
        long stepMillis,
        long runMillis,
        String reason,
        @Nullable String approvedBy) {

    enum State {
        RUNNING,
        /** The deployment is being taken back; then the versions before it come back. */
        ROLLING_BACK,
        /** The filter is being set back to observing. */
        SETTING_BACK,
        /** The filter only observes, as a guard or the budget had it set back; or enforces again, as a person went on from there. */
        SET_BACK,
        DONE,
        ABORTED
    }

    enum StepState {
        PENDING,
        RUNNING,
        WAITING,
        APPROVAL,
        DONE,
        ABORTED
    }

    Rollout after(long millis) {
        return new Rollout(
                deployment, selector, targets, strategy, state, step, stepState, stepMillis + millis, runMillis + millis, reason, approvedBy);
    }

    Rollout in(StepState now) {
        return new Rollout(deployment, selector, targets, strategy, state, step, now, stepMillis, runMillis, reason, approvedBy);
    }

    /** At the next step, or done. */
    Rollout next(int steps) {
        boolean done = step + 1 >= steps;
        return new Rollout(
                deployment, selector, targets, strategy, done ? State.DONE : State.RUNNING, step + 1, done ? StepState.DONE : StepState.PENDING, 0,
                runMillis, reason, approvedBy);
    }

    Rollout approved(String by) {
        return new Rollout(deployment, selector, targets, strategy, state, step, stepState, stepMillis, runMillis, reason, by);
    }

    Rollout ended(State end, String why) {
        return new Rollout(
                deployment, selector, targets, strategy, end, step, end == State.DONE ? stepState : StepState.ABORTED, stepMillis, runMillis, why, approvedBy);
    }
}
