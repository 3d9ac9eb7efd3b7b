package dev.loom.bootstrap;

/** The hold of an {@link ExclusiveLock}; one for each hook, whoever owns the lock. */
final class ExclusiveHold extends Hold {

    final RegionHook hook;
    final ExclusiveLock lock;

    ExclusiveHold(RegionHook hook, ExclusiveLock lock) {
        this.hook = hook;
        this.lock = lock;
    }

    @Override
    public RegionHook hook() {
        return hook;
    }

    @Override
    int depth() {
        return lock.ownedBy(Thread.currentThread()) ? lock.depth : 0;
    }

    @Override
    void exit(int depth) {
        ExclusiveLock l = lock;
        if (l.ownedBy(Thread.currentThread())) {
            l.releaseTo((depth > 0 ? depth : l.depth) - 1);
        }
    }

    @Override
    void exitOne(int depth) {
        ExclusiveLock l = lock;
        if (l.ownedBy(Thread.currentThread())) {
            l.releaseTo(l.depth - 1);
        }
    }
}
