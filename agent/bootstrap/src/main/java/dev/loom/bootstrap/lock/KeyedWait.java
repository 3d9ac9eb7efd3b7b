package dev.loom.bootstrap.lock;

import dev.loom.bootstrap.hook.LockWait;
import dev.loom.bootstrap.hook.RegionHook;

/** An entry that waits for a {@link KeyedLock}. */
final class KeyedWait extends LockWait {

    /** Where the entry is counted; null if it is not. */
    StripeCounts cell;
    /** What was acquired; should the stack end on the way back with it, it is to be found here. */
    Holder acquired;

    KeyedWait(KeyedLock lock, RegionHook hook, Thread thread, long since) {
        super(lock, hook, thread, since);
    }
}
