package dev.loom.bootstrap;

/**
 * The lock of one mutual-exclusion constraint, shared by all hooks of the constraint, and by the versions of a filter in which
 * the constraint reads the same.
 */
public sealed interface ConstraintLock permits ExclusiveLock {

    /**
     * Makes the cheapest lock that means what the constraint says.
     *
     * @param name the constraint as a person reads it
     * @param keyed whether regions with different keys are independent
     * @param anyShared whether any side of the constraint is {@code shared}
     */
    static ConstraintLock of(String name, boolean keyed, boolean anyShared) {
        if (keyed || anyShared) {
            throw new UnsupportedOperationException("keyed and shared constraints");
        }
        return new ExclusiveLock(name);
    }

    /** The constraint as a person reads it. */
    String name();

    /** Whether regions with different keys are independent. */
    boolean keyed();
}
