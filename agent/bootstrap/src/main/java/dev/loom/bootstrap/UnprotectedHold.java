package dev.loom.bootstrap;

/** Stands in a frame that is inside a region without its lock; each such frame has one of its own. */
public final class UnprotectedHold extends Hold {

    private final RegionHook hook;
    private final Thread thread = Thread.currentThread();
    private final long sinceNanos = System.nanoTime();
    private volatile boolean left;
    /** The one that was made before it, for the same hook. */
    volatile UnprotectedHold next;

    UnprotectedHold(RegionHook hook) {
        this.hook = hook;
    }

    @Override
    public RegionHook hook() {
        return hook;
    }

    /** The thread whose frame it is. */
    public Thread thread() {
        return thread;
    }

    /** Since when the frame has been so, by {@link System#nanoTime}. */
    public long sinceNanos() {
        return sinceNanos;
    }

    /** Whether the frame is not inside any more. An exit that had no stack left to say so left a note. */
    boolean hasLeft() {
        return left || postponed != 0 || !thread.isAlive();
    }

    @Override
    int depth() {
        return 0;
    }

    @Override
    void exit(int depth) {
        left = true;
    }

    @Override
    void exitOne(int depth) {
        left = true;
    }
}
