package dev.loom.bootstrap.standstill;

import dev.loom.bootstrap.hook.ConstraintLock;
import dev.loom.bootstrap.hook.RegionHook;
import java.util.List;

/** The lock of a unilateral exclusion, {@code r <> *}: who has it runs alone in its scope. See {@link Standstill}. */
public final class StandstillLock extends ConstraintLock {

    final StandstillHold hold = new StandstillHold(this);
    /** The bit by which polls of its scope know it; 0 while no code has such polls. */
    volatile int bit;

    // guarded by the latch of Ownership; the owner may read them

    /** The hook by which the owner came in first. */
    RegionHook hook;
    /** The lock that the same thread had taken before. */
    StandstillLock below;

    public StandstillLock(String name) {
        super(name);
    }

    @Override
    public StandstillHook hook(int id, int side, boolean shared) {
        if (shared) {
            throw noSharedSide(side);
        }
        return new StandstillHook(id, this, side);
    }

    @Override
    public boolean isUnilateral() {
        return true;
    }

    @Override
    public boolean keyed() {
        return false;
    }

    @Override
    public List<Thread> holders() {
        Thread thread = hold.depth > 0 ? Ownership.owner : null;
        return thread == null ? List.of() : List.of(thread);
    }

    @Override
    public int freeDead() {
        return Ownership.freeDead();
    }

    @Override
    public boolean freeLost(Thread thread) {
        return Ownership.freeLost(this, thread);
    }

    @Override
    protected int tokensOut(RegionHook some) {
        return Ownership.tokensOut(this, some);
    }
}
