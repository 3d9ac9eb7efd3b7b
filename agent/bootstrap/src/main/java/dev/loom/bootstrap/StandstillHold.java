package dev.loom.bootstrap;

/** The hold of a {@link StandstillLock}; one for each, whoever owns it. It counts the levels that the owner holds. */
final class StandstillHold extends Hold {

    final StandstillLock lock;

    StandstillHold(StandstillLock lock) {
        this.lock = lock;
    }

    @Override
    int depth() {
        return depth;
    }

    @Override
    void exit(int level) {
        Ownership.exit(lock, (level > 0 ? level : depth) - 1);
    }

    @Override
    void exitOne(int level) {
        Ownership.exit(lock, depth - 1);
    }
}
