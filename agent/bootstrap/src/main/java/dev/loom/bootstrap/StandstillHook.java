package dev.loom.bootstrap;

import java.lang.invoke.MethodHandle;

/** The hook of a region {@code r <> *}. */
final class StandstillHook extends RegionHook {

    StandstillHook(int id, StandstillLock lock, int side) {
        super(id, lock, side, false);
    }

    @Override
    MethodHandle plainEntry() {
        return HookLinker.standstill(this);
    }

    @Override
    HookLinker.Target keyedEntry() {
        return HookLinker.ENTER;
    }
}
