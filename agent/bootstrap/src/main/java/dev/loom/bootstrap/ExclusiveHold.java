package dev.loom.bootstrap;

/** The hold of an {@link ExclusiveLock}; one for each hook, whoever owns the lock. */
final class ExclusiveHold extends Hold {

    final ExclusiveLock.Sync sync;
    private final RegionHook hook;

    ExclusiveHold(RegionHook hook, ExclusiveLock.Sync sync) {
        this.hook = hook;
        this.sync = sync;
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
        Hooks.exit(this, depth);
    }

    @Override
    void exitOne(int depth) {
        Hooks.exit(this, 0);
    }
}
