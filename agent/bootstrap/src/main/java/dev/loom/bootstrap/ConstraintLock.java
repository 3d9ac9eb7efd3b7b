package dev.loom.bootstrap;

import java.util.List;

/**
 * The lock of one mutual-exclusion constraint, shared by all hooks of the constraint, and by the versions of a filter in which
 * the constraint reads the same.
 */
public abstract sealed class ConstraintLock permits ExclusiveLock, TableLock {

    private final String name;

    ConstraintLock(String name) {
        this.name = name;
    }

    /**
     * Makes the cheapest lock that means what the constraint says.
     *
     * @param name the constraint as a person reads it
     * @param keyed whether regions with different keys are independent
     * @param shared for each side, whether its own threads may be inside together
     */
    public static ConstraintLock of(String name, boolean keyed, boolean... shared) {
        for (boolean some : shared) {
            if (some) {
                return new TableLock(name, keyed, shared.length, false);
            }
        }
        return keyed ? new TableLock(name, true, 0, false) : new ExclusiveLock(name);
    }

    /** The constraint as a person reads it. */
    public final String name() {
        return name;
    }

    /** Whether regions with different keys are independent. */
    public abstract boolean keyed();

    /** The threads that hold it, in whatever key, each once. */
    public abstract List<Thread> holders();

    /** Frees what threads hold that have died without leaving their region. Returns how many there were. */
    public abstract int freeDead();

    /**
     * Frees what a thread holds, if it does: for a live thread that has left its regions without their exit hooks. What it may do
     * meanwhile in a region of the constraint that it enters again it does without the lock.
     */
    public abstract boolean freeLost(Thread thread);

    /** Holds that are out and were first acquired by that hook, and its entries that wait. */
    abstract int tokensOut(RegionHook hook);

    /** What stands in for it in a hook that only counts. */
    abstract TableLock observer();
}
