package dev.loom.bootstrap.standstill;

import dev.loom.bootstrap.Hold;
import dev.loom.bootstrap.hook.RegionHook;
import dev.loom.bootstrap.wait.ThreadList;

/**
 * One thread's stay in a region {@code r <> *} that is only observed. Nobody is kept out; a thread that comes to a poll of the scope
 * meanwhile has run code of the scope at the same time, and is counted once. Guarded by the latch of {@link Ownership}.
 */
final class ObservedStay extends Hold {

    private final RegionHook hook;
    final StandstillLock lock;
    final Thread thread;
    ObservedStay next;
    /** A level was acquired and the hook has not got it yet: should the stack end on the way, it is to be given back. */
    boolean fresh;
    /** The threads counted so far. */
    private final ThreadList seen = new ThreadList();

    ObservedStay(RegionHook hook, StandstillLock lock, Thread thread) {
        this.hook = hook;
        this.lock = lock;
        this.thread = thread;
    }

    /** Takes note of a thread that is at a poll. */
    void meets(Thread other) {
        if (other == thread || seen.contains(other)) {
            return;
        }
        seen.add(other);
        hook.overlapped();
    }

    RegionHook hook() {
        return hook;
    }

    @Override
    public int depth() {
        return depth;
    }

    @Override
    public void exit(int level) {
        ObservedStays.leave(this, (level > 0 ? level : depth) - 1);
    }

    @Override
    public void exitOne(int level) {
        ObservedStays.leave(this, depth - 1);
    }
}
