package dev.loom.bootstrap.standstill;

import dev.loom.bootstrap.hook.LockWait;
import dev.loom.bootstrap.hook.RegionHook;

/** The wait of a thread that has entered a region {@code r <> *}, until the others have stopped. */
final class GatherWait extends LockWait {

    /** The others have stopped, or will not be waited for. */
    volatile boolean gathered;

    GatherWait(StandstillLock lock, RegionHook hook, Thread thread, long since) {
        super(lock, hook, thread, since);
    }
}
