package dev.loom.bootstrap.hook;

import java.util.List;

/**
 * The lock of one mutual-exclusion constraint, or the state of an order constraint; shared by all hooks of the constraint, and by the
 * versions of a filter in which the constraint reads the same.
 */
public abstract class ConstraintLock {

    private final String name;

    protected ConstraintLock(String name) {
        this.name = name;
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
    public abstract RegionHook hook(int id, int side, boolean shared);

    protected final IllegalArgumentException noSharedSide(int side) {
        return new IllegalArgumentException(name.concat(": no shared side ").concat(Integer.toString(side)));
    }

    /** Holds that are out and were first acquired by that hook, and its entries that wait. */
    protected abstract int tokensOut(RegionHook hook);
}
