package dev.loom.bootstrap.lock;

import dev.loom.bootstrap.hook.ConstraintLock;

/** The lock of a mutual exclusion. Where the constraint is only observed, another lock stands in for it, which counts overlaps. */
abstract class ExclusionLock extends ConstraintLock {

    private KeyedLock observer;

    ExclusionLock(String name) {
        super(name);
    }

    /** Makes what stands in for it. */
    abstract KeyedLock newObserver();

    /** Frees what threads hold of the lock itself that have died. */
    abstract int freeOwnDead();

    final synchronized KeyedLock observer() {
        if (observer == null) {
            observer = newObserver();
        }
        return observer;
    }

    private synchronized KeyedLock observerOrNull() {
        return observer;
    }

    @Override
    public final int freeDead() {
        KeyedLock counter = observerOrNull();
        return freeOwnDead() + (counter == null ? 0 : counter.freeDead());
    }
}
