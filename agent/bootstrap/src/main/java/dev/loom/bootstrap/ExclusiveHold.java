package dev.loom.bootstrap;

/** The hold of an {@link ExclusiveLock}; one for each hook, whoever owns the lock. */
final class ExclusiveHold extends Hold {

    final ExclusiveLock.Sync sync;

    ExclusiveHold(ExclusiveLock.Sync sync) {
        this.sync = sync;
    }

    @Override
    int depth() {
        return sync.depth;
    }

    /** {@link Hooks#exit} does not come here: it does the same without a call. */
    @Override
    void exit(int depth) {
        sync.release(depth);
    }

    @Override
    void exitOne(int depth) {
        sync.release(0);
    }
}
