package dev.loom.bootstrap;

/** The hold of an {@link ExclusiveLock}; one for each hook, whoever owns the lock. */
final class ExclusiveHold extends Hold {

    private final RegionHook hook;
    private final ExclusiveLock.Sync sync;

    ExclusiveHold(RegionHook hook, ExclusiveLock lock) {
        this.hook = hook;
        this.sync = lock.sync;
    }

    @Override
    public RegionHook hook() {
        return hook;
    }

    @Override
    int depth() {
        return sync.depth;
    }

    @Override
    void exit(int depth) {
        ExclusiveLock.Sync s = sync;
        if (s.owner() == Thread.currentThread()) {
            s.releaseTo((depth > 0 ? depth : s.depth) - 1);
        }
    }

    @Override
    void exitOne(int depth) {
        ExclusiveLock.Sync s = sync;
        if (s.owner() == Thread.currentThread()) {
            s.releaseTo(s.depth - 1);
        }
    }
}
