package dev.loom.bootstrap;

import java.util.List;

/**
 * The lock of one mutual-exclusion constraint, or the state of an order constraint; shared by all hooks of the constraint, and by the
 * versions of a filter in which the constraint reads the same.
 */
public abstract sealed class ConstraintLock permits ExclusiveLock, OrderState, StandstillLock, KeyedLock {

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
                return new KeyedLock(name, keyed, shared.length, false);
            }
        }
        return keyed ? new KeyedLock(name, true, 0, false) : new ExclusiveLock(name);
    }

    /**
     * Makes the state of an order constraint {@code e1 > e2 > …}.
     *
     * @param name the constraint as a person reads it
     * @param keyed whether events with different keys are independent
     * @param events how many events there are, 2 or more
     * @param each whether each event uses up the completions that it waited for
     * @param within bound of a wait, ns
     */
    public static ConstraintLock order(String name, boolean keyed, int events, boolean each, long within) {
        return new OrderState(name, keyed, events, each, within);
    }

    /** Makes the lock of {@code r <> *}: who has it is alone in the scope, see {@link Standstill}. */
    public static ConstraintLock unilateral(String name) {
        return new StandstillLock(name);
    }

    /** The constraint as a person reads it. */
    public final String name() {
        return name;
    }

    /** Whether regions with different keys are independent. */
    public abstract boolean keyed();

    /** Whether it is the lock of {@code r <> *}. */
    public boolean isUnilateral() {
        return false;
    }

    /** The threads that hold it, in whatever key, each once. */
    public abstract List<Thread> holders();

    /** Frees what threads hold that have died without leaving their region. Returns how many there were. */
    public abstract int freeDead();

    /**
     * Frees what a thread holds, if it does: for a live thread that has left its regions without their exit hooks. What it may do
     * meanwhile in a region of the constraint that it enters again it does without the lock.
     */
    public abstract boolean freeLost(Thread thread);

    /** Forgets what has happened so far; of an order constraint none of whose hooks is in force. */
    public void restart() {
        // a lock knows of no past
    }

    /** Keys whose past was forgotten because there were too many. */
    public long evictions() {
        return 0;
    }

    /**
     * Makes a hook of the kind that belongs to this lock.
     *
     * @throws IllegalArgumentException if it has no such side, or event
     */
    abstract RegionHook hook(int id, int side, boolean shared);

    final IllegalArgumentException noSharedSide(int side) {
        return new IllegalArgumentException(name.concat(": no shared side ").concat(Integer.toString(side)));
    }

    /** Holds that are out and were first acquired by that hook, and its entries that wait. */
    abstract int tokensOut(RegionHook hook);

    /** What stands in for it in a hook that only counts; null if it counts itself. */
    abstract KeyedLock observer();
}
