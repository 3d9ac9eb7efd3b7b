package dev.loom.bootstrap.lock;

import dev.loom.bootstrap.hook.RegionHook;

/** The hook of a region of a mutual exclusion. */
abstract class ExclusionHook extends RegionHook {

    private final ExclusionLock lock;
    /** Both are set before the first entry that needs them. */
    private volatile KeyedLock observer;

    private volatile StripeCounts[] observerCells;

    ExclusionHook(int id, ExclusionLock lock, int side, boolean shared) {
        super(id, lock, side, shared);
        this.lock = lock;
    }

    final KeyedLock observer() {
        return observer;
    }

    final StripeCounts[] observerCells() {
        return observerCells;
    }

    @Override
    protected void prepareToObserve() {
        if (observer == null) {
            KeyedLock counter = lock.observer();
            observerCells = counter.newCounts();
            observer = counter;
        }
    }

    @Override
    protected long moreHits() {
        return StripeCounts.hits(observerCells);
    }

    @Override
    protected long moreOverlaps() {
        StripeCounts[] cells = observerCells;
        long sum = 0;
        for (int i = 0; cells != null && i < cells.length; i++) {
            sum += cells[i].overlaps;
        }
        return sum;
    }

    @Override
    protected int moreTokensOut() {
        KeyedLock counter = observer;
        return counter == null ? 0 : counter.tokensOut(this);
    }
}
