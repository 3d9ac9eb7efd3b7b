package dev.loom.bootstrap;

import java.util.concurrent.atomic.AtomicLong;

/** The hooks at the edges of one region, wherever they are woven in; woven code names it by its {@link #id()}. */
public final class RegionHook {

    /** What entries do. */
    public enum Mode {
        /** Exclude. */
        ENFORCE,
        /** Count what would have been excluded. */
        OBSERVE,
        /** Nothing. */
        PASS
    }

    private final int id;
    private final ConstraintLock lock;
    private final int side;
    private final boolean shared;
    final ExclusiveHold exclusiveHold;
    final UnprotectedHold unprotectedHold = new UnprotectedHold(this);
    final AtomicLong unprotected = new AtomicLong();
    volatile Mode mode;
    long hits;

    RegionHook(int id, ConstraintLock lock, int side, boolean shared, Mode mode) {
        this.id = id;
        this.lock = lock;
        this.side = side;
        this.shared = shared;
        this.mode = mode;
        this.exclusiveHold = lock instanceof ExclusiveLock exclusive ? new ExclusiveHold(this, exclusive) : null;
    }

    /** Names it in woven code; never used twice in a JVM. */
    public int id() {
        return id;
    }

    /** The lock of its constraint. */
    public ConstraintLock lock() {
        return lock;
    }

    /** Side of the constraint, from 0. */
    public int side() {
        return side;
    }

    /** Whether threads of its side may be inside together. */
    public boolean shared() {
        return shared;
    }

    /** What entries do now. */
    public Mode mode() {
        return mode;
    }

    /** Changes what entries do from now on. */
    public void mode(Mode mode) {
        this.mode = mode;
    }

    /** Holds that are out, and entries that wait for one. */
    public int tokensOut() {
        return ((ExclusiveLock) lock).holderId() == id ? 1 : 0;
    }

    /** Frames that are inside the region without its lock. */
    public long unprotectedCount() {
        return unprotected.get();
    }
}
