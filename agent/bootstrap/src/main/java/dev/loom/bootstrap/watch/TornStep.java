package dev.loom.bootstrap.watch;

import java.util.concurrent.atomic.AtomicInteger;

/** Two steps of one thread with an object, in one call of a method, and another thread that came to the object in between. Thread-safe. */
public final class TornStep {

    private final Side first;
    private final Side between;
    private final Side second;
    private final String type;
    private final int depth;
    private final int secondDepth;
    private final AtomicInteger whole;
    private final AtomicInteger count = new AtomicInteger(1);

    TornStep(Side first, Side between, Side second, String type, int depth, int secondDepth, AtomicInteger whole) {
        this.first = first;
        this.between = between;
        this.second = second;
        this.type = type;
        this.depth = depth;
        this.secondDepth = secondDepth;
        this.whole = whole;
    }

    void again() {
        count.incrementAndGet();
    }

    /** Where the thread was when it made the first step. */
    public Side first() {
        return first;
    }

    /** The thread that came in between. */
    public Side between() {
        return between;
    }

    /** Where the first thread was when it made the second step. */
    public Side second() {
        return second;
    }

    /** Name of the object's class; of a static field, of the class that it was used by. */
    public String type() {
        return type;
    }

    /** Frames above the call of which both steps are part, in the stack of the first one. */
    public int depth() {
        return depth;
    }

    /** Likewise in that of the second one. */
    public int secondDepth() {
        return secondDepth;
    }

    /** How often it was seen. */
    public int count() {
        return count.get();
    }

    /** How often the same two steps were seen with nobody in between. */
    public int whole() {
        return whole.get();
    }

    /** Whether the other only saw what was not to be seen yet: many programs mean that. */
    public boolean isGlimpse() {
        return !between.place().writes;
    }

    /**
     * Whether an access between two of one thread makes a difference that no order of the whole steps would make: the four unserialisable
     * interleavings of AVIO. A call that looks itself whether things are as they were is no second step; that others see a call's first step is meant.
     */
    static boolean isTorn(WatchedPlace one, WatchedPlace between, WatchedPlace two) {
        if (two.is(WatchedPlace.CHECKS)) {
            return false;
        }
        boolean isOverwritten = between.writes && (two.reads || one.reads && two.writes);
        boolean isSeenHalf = between.reads && one.writes && two.writes && (one.reads || !one.isCall);
        return isOverwritten || isSeenHalf;
    }

    /** Whether anything that another does can tear these two. */
    static boolean mayBeTorn(WatchedPlace one, WatchedPlace two) {
        return !two.is(WatchedPlace.CHECKS) && (two.reads || two.writes && (one.reads || !one.isCall));
    }
}
