package dev.loom.bootstrap;

import java.lang.invoke.MethodHandle;

/** The hook of a region whose lock is a {@link KeyedLock}. */
final class KeyedHook extends RegionHook {

    /** Its numbers, stripe by stripe. */
    final StripeCounts[] cells;

    KeyedHook(int id, KeyedLock lock, int side, boolean shared) {
        super(id, lock, side, shared);
        cells = lock.newCounts();
    }

    @Override
    MethodHandle plainEntry() {
        return lock().keyed() ? null : HookLinker.unkeyed(this);
    }

    @Override
    HookLinker.Target keyedEntry() {
        return HookLinker.ENTER;
    }

    @Override
    StripeCounts[] cells() {
        return cells;
    }

    @Override
    long moreHits() {
        long sum = 0;
        for (StripeCounts cell : cells) {
            sum += cell.hits;
        }
        return sum;
    }
}
