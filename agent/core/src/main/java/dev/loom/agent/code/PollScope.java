package dev.loom.agent.code;

import dev.loom.agent.config.ClassPatterns;
import dev.loom.bootstrap.hook.ConstraintLock;
import dev.loom.filter.plan.ConstraintPlan;

/**
 * The scope of one {@code r <> *} of a version.
 *
 * @param lock its lock, which knows the bit of its polls
 * @param classes the classes in it; none for all of the application's
 */
record PollScope(ConstraintLock lock, ClassPatterns classes) {

    static PollScope of(ConstraintPlan.Unilateral constraint, ConstraintLock lock) {
        return new PollScope(lock, ClassPatterns.parse("scope", String.join(";", constraint.scope())));
    }

    boolean covers(String internalName) {
        return classes.isEmpty() || classes.matches(internalName);
    }
}
