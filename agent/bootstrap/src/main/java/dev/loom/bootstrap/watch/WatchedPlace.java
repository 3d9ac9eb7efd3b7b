package dev.loom.bootstrap.watch;

/** One place that is watched, and what has been seen of it. Counts are written under the latch of {@link Traps}, and read without. */
public final class WatchedPlace {

    final int index;
    final int number;
    final Variable variable;
    final boolean writes;
    final boolean isStatic;
    final boolean isCall;
    final boolean locked;

    long armedAt;
    /** Arrivals until it is quiet again. */
    volatile int left;
    volatile int arrivals;
    volatile int waits;
    volatile long waitedNanos;
    volatile int pauses;
    volatile int nears;
    volatile int collisions;

    WatchedPlace(int index, int number, Variable variable, boolean writes, boolean isStatic, boolean isCall, boolean locked) {
        this.index = index;
        this.number = number;
        this.variable = variable;
        this.writes = writes;
        this.isStatic = isStatic;
        this.isCall = isCall;
        this.locked = locked;
    }

    /** Whether two threads, one at each place, race if they use the same object. */
    boolean conflicts(WatchedPlace other) {
        return variable == other.variable && (writes || other.writes);
    }

    /** Its number in woven code. */
    public int number() {
        return number;
    }

    /** Its place among those of its search, from 1. */
    public int index() {
        return index;
    }

    /** Whether the next thread that comes is looked at. */
    public boolean isArmed() {
        return left > 0;
    }

    /** Threads that came while it was armed. */
    public int arrivals() {
        return arrivals;
    }

    /** Times that it was armed and somebody came. */
    public int waits() {
        return waits;
    }

    /** How long it was armed until somebody came, all times together, ns. */
    public long waitedNanos() {
        return waitedNanos;
    }

    /** Threads that paused here. */
    public int pauses() {
        return pauses;
    }

    /** Times that it collided with another. */
    public int collisions() {
        return collisions;
    }

    /** Whether it is worth more than one pause: two threads came to the same object one after the other, here or here and at a place in conflict. */
    public boolean isPromising() {
        return nears > 0;
    }
}
