package dev.loom.bootstrap;

import java.lang.invoke.MethodHandle;

/** The hook of a region whose lock is an {@link ExclusiveLock}. */
final class ExclusiveHook extends RegionHook {

    /** What a frame keeps that came in by this hook. */
    private final ExclusiveHold token;

    ExclusiveHook(int id, ExclusiveLock lock, int side) {
        super(id, lock, side, false);
        token = new ExclusiveHold(this, lock.sync);
    }

    @Override
    MethodHandle plainEntry() {
        return HookLinker.exclusive(this, token);
    }

    @Override
    HookLinker.Target keyedEntry() {
        return HookLinker.ENTER;
    }
}
