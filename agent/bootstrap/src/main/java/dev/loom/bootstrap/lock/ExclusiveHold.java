package dev.loom.bootstrap.lock;

import dev.loom.bootstrap.Hold;

/** The hold of an {@link ExclusiveLock}; one for each hook, whoever owns the lock. */
public final class ExclusiveHold extends Hold {

    public final ExclusiveLock.Sync sync;

    ExclusiveHold(ExclusiveLock.Sync sync) {
        this.sync = sync;
    }

    @Override
    public int depth() {
        return sync.more + 1;
    }

    /** {@link dev.loom.bootstrap.Hooks#exit} does not come here: it does the same without a call. */
    @Override
    public void exit(int depth) {
        sync.release(depth);
    }

    @Override
    public void exitOne(int depth) {
        sync.release(0);
    }
}
