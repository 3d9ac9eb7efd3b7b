package dev.loom.bootstrap.watch;

/** A thread that is making a step with an object and may make another; and who came to the object since. */
final class Follow {

    /** Arrivals of threads at places of the same variable, after which it is given up: there the cost of looking is too high. */
    private static final int PASSES = 2_000;
    /** Times that it begins anew where the first step is made again. */
    private static final int ROUNDS = 3;

    final Object object;
    final WatchedPlace place;
    final Thread thread;
    /** Of what the step is about within the object, 0 for all. */
    final int key;
    private final long end;

    /** For its own thread. */
    boolean holds;
    StackWalker.StackFrame[] frames;
    boolean hasPaused;
    private int rounds;

    /** Written by several threads without a latch; a pass that gets lost does no harm. */
    private volatile int passes;
    /** The first that came since, one that only reads and one that changes. */
    private volatile Side reader;
    private volatile Side writer;

    Follow(Object object, WatchedPlace place, Thread thread, int key, long end) {
        this.object = object;
        this.place = place;
        this.thread = thread;
        this.key = key;
        this.end = end;
    }

    /** Notes that a thread came to a place of the same variable; false if it is to be given up. */
    boolean pass(long now) {
        return ++passes < PASSES && now - end < 0;
    }

    boolean isOver(long now) {
        return now - end >= 0;
    }

    int passes() {
        return passes;
    }

    /** Whether a step is about the same within the object. */
    boolean concerns(int otherKey) {
        return key == 0 || otherKey == 0 || key == otherKey;
    }

    /** Whether it is of interest that another thread comes to a place. */
    boolean lacks(WatchedPlace other) {
        return other.writes ? writer == null : reader == null && place.writes;
    }

    void met(Side other) {
        if (other.place().writes) {
            writer = other;
        } else {
            reader = other;
        }
    }

    /** Who came in between, if that tears the step from the first place to this one; null if nobody did. */
    Side tornAt(WatchedPlace second) {
        Side changed = writer;
        if (changed != null && TornStep.isTorn(place, changed.place(), second)) {
            return changed;
        }
        Side read = reader;
        return read != null && TornStep.isTorn(place, read.place(), second) ? read : null;
    }

    /** Begins anew, its thread being at the first place again; false if that was often enough. */
    boolean again() {
        reader = null;
        writer = null;
        hasPaused = false;
        return ++rounds <= ROUNDS;
    }
}
