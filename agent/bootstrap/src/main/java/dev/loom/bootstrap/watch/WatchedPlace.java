package dev.loom.bootstrap.watch;

/** One place that is watched, and what has been seen of it. Counts are written under the latch of {@link Traps}, and read without. */
public final class WatchedPlace {

    /** What a place does with what it uses; a call may do both. */
    public static final int READS = 1;
    public static final int WRITES = 1 << 1;
    /** It uses a field of a class. */
    public static final int STATIC = 1 << 2;
    /** It calls a method of the object. */
    public static final int CALL = 1 << 3;
    /** It is in a constructor or an initializer. */
    public static final int CONSTRUCTS = 1 << 4;
    /** Its thread holds a monitor there. */
    public static final int LOCKED = 1 << 5;
    /** What it does looks itself whether things are still as they were: {@code compareAndSet}, {@code putIfAbsent}. */
    public static final int CHECKS = 1 << 6;
    /** Two threads there at once are no finding: only steps are of interest. */
    public static final int STEPS_ONLY = 1 << 7;

    final int index;
    final int number;
    final Variable variable;
    final boolean reads;
    final boolean writes;
    final boolean isStatic;
    final boolean isCall;
    final boolean locked;
    private final int traits;

    long armedAt;
    /** Arrivals until it is quiet again. */
    volatile int left;
    volatile int arrivals;
    volatile int waits;
    volatile long waitedNanos;
    volatile int pauses;
    volatile int nears;
    volatile int collisions;

    WatchedPlace(int index, int number, Variable variable, int traits) {
        this.index = index;
        this.number = number;
        this.variable = variable;
        this.traits = traits;
        this.reads = is(READS);
        this.writes = is(WRITES);
        this.isStatic = is(STATIC);
        this.isCall = is(CALL);
        this.locked = is(LOCKED);
    }

    boolean is(int trait) {
        return (traits & trait) != 0;
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
