package dev.loom.bootstrap.standstill;

import dev.loom.bootstrap.Hold;

/** The hold of a {@link StandstillLock}; one for each, whoever owns it. It counts the levels that the owner holds. */
final class StandstillHold extends Hold {

    final StandstillLock lock;

    StandstillHold(StandstillLock lock) {
        this.lock = lock;
    }

    @Override
    public int depth() {
        return depth;
    }

    @Override
    public void exit(int level) {
        Ownership.exit(lock, (level > 0 ? level : depth) - 1);
    }

    @Override
    public void exitOne(int level) {
        Ownership.exit(lock, depth - 1);
    }
}
