package dev.loom.bootstrap.standstill;

import dev.loom.bootstrap.hook.LockWait;
import dev.loom.bootstrap.hook.RegionHook;

/** A thread that stands at a poll, because another is in a region that excludes all others. */
final class PollWait extends LockWait {

    /** The constraints in whose scope the code is. */
    final int bits;
    /** It was let go on after the longest time that a thread stands at a poll. */
    boolean outOfPatience;

    PollWait(StandstillLock lock, RegionHook hook, Thread thread, long since, int bits) {
        super(lock, hook, thread, since);
        this.bits = bits;
    }

    @Override
    public boolean isAtPoll() {
        return true;
    }

    @Override
    protected boolean isBypassed() {
        return outOfPatience || broken();
    }
}
