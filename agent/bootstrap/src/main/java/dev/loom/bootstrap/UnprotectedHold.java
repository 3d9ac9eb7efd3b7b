package dev.loom.bootstrap;

/** Stands in a frame that is inside a region without its lock; one for each hook. */
final class UnprotectedHold extends Hold {

    private final RegionHook hook;

    UnprotectedHold(RegionHook hook) {
        this.hook = hook;
    }

    @Override
    public RegionHook hook() {
        return hook;
    }

    @Override
    int depth() {
        return 0;
    }

    @Override
    void exit(int depth) {
        hook.unprotected.getAndDecrement();
    }

    @Override
    void exitOne(int depth) {
        hook.unprotected.getAndDecrement();
    }
}
