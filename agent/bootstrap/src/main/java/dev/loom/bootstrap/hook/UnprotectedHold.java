package dev.loom.bootstrap.hook;

import dev.loom.bootstrap.Hold;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stands in a frame that is inside a region without its lock. Each such frame has one of its own, but for those that moved when there
 * was no memory for one: these share the one that their hook has from the beginning.
 */
public final class UnprotectedHold extends Hold {

    private final RegionHook hook;
    private final long sinceNanos = System.nanoTime();
    /** The frames that share it, without those that have left; null if it is the hold of one frame. */
    private final AtomicInteger sharing;
    /** Of the frame, or of one of those that share it. */
    private volatile Thread thread;
    private volatile boolean left;
    /** The one that was made before it, for the same hook. */
    volatile UnprotectedHold next;

    private UnprotectedHold(RegionHook hook, Thread thread, AtomicInteger sharing) {
        this.hook = hook;
        this.thread = thread;
        this.sharing = sharing;
    }

    /** That of a frame of this thread. */
    static UnprotectedHold ofFrame(RegionHook hook) {
        return new UnprotectedHold(hook, Thread.currentThread(), null);
    }

    /** One for frames for which there is no memory; no frame has it yet. */
    public static UnprotectedHold shared(RegionHook hook) {
        return new UnprotectedHold(hook, null, new AtomicInteger());
    }

    /** Gives a shared one to a frame of this thread. */
    public UnprotectedHold share() {
        thread = Thread.currentThread();
        sharing.incrementAndGet();
        return this;
    }

    /** The hook of the region. */
    public RegionHook hook() {
        return hook;
    }

    /** The thread whose frame it is; of several frames that share it, that of the last. */
    public Thread thread() {
        return thread;
    }

    /** Since when the frame has been so, by {@link System#nanoTime}; for one that is shared, since there is the hook. */
    public long sinceNanos() {
        return sinceNanos;
    }

    /**
     * Whether the frame is not inside any more. An exit that had no stack left to say so left a note. For one that is shared such an
     * exit is lost, as that of a thread that died: then nobody can say that all have left, and they count as inside for good.
     */
    boolean hasLeft() {
        if (sharing != null) {
            return sharing.get() == 0;
        }
        return left || postponed != 0 || !thread.isAlive();
    }

    @Override
    public int depth() {
        return 0;
    }

    @Override
    public void exit(int depth) {
        leave();
    }

    @Override
    public void exitOne(int depth) {
        leave();
    }

    private void leave() {
        if (sharing != null) {
            sharing.decrementAndGet();
        }
        left = true;
    }
}
