package dev.loom.bootstrap.standstill;

import dev.loom.bootstrap.Hold;
import dev.loom.bootstrap.hook.LockWait;
import dev.loom.bootstrap.hook.RegionHook;
import dev.loom.bootstrap.wait.Wait;
import dev.loom.bootstrap.wait.WaitQueue;
import dev.loom.bootstrap.wait.WaitRegistry;
import dev.loom.bootstrap.wait.WaitTarget;
import java.util.List;
import jdk.internal.vm.annotation.DontInline;
import jdk.internal.vm.annotation.ReservedStackAccess;

/** The way into regions {@code r <> *}, whose entries take turns. Guarded by the latch of {@link Ownership}. */
final class EntryQueue implements WaitTarget {

    private static final WaitTarget ENTRY = new EntryQueue();
    static final WaitQueue ENTERING = new WaitQueue();

    private EntryQueue() {}

    /**
     * Enters the region of a constraint, and waits until the others have stopped.
     *
     * @return the hold; null if nothing was acquired, because the hook was turned off or the wait let go
     */
    static Hold enter(StandstillLock lock, RegionHook hook, Thread me) {
        if (!Ownership.take(lock, hook, me) && !enterContended(lock, hook, me)) {
            return null;
        }
        if (lock.hold.depth == 1) {
            Gathering.gather(lock, hook, me);
        }
        if (hook.passes()) {
            Ownership.exit(lock, lock.hold.depth - 1);
            return null;
        }
        return lock.hold;
    }

    private static boolean enterContended(StandstillLock lock, RegionHook hook, Thread me) {
        LockWait wait = new LockWait(lock, hook, me, System.nanoTime());
        try {
            if (WaitRegistry.begin(wait)) {
                wait.waitFor(ENTRY);
                enqueue(wait);
                wait.await();
            }
        } finally {
            wait.ended = true;
            // not what await says: at the end of the stack its answer may be lost
            wait.conclude(Ownership.owner == me);
        }
        boolean mine = Ownership.owner == me;
        if (!mine && wait.broken()) {
            // it holds what the owner needs: the poll behind the entry must not stop it again
            Ownership.passes(me);
        }
        return mine;
    }

    @DontInline
    @ReservedStackAccess
    private static void enqueue(Wait wait) {
        Ownership.LATCH.shut();
        try {
            ENTERING.append(wait);
        } finally {
            Ownership.LATCH.open();
        }
    }

    @Override
    @DontInline
    @ReservedStackAccess
    public boolean tryQueued(Wait some, boolean overdue) {
        LockWait wait = (LockWait) some;
        Ownership.LATCH.shut();
        try {
            Ownership.makeUp();
            if (Ownership.owner != null || ENTERING.first() != wait && !overdue) {
                return false;
            }
            StandstillLock lock = (StandstillLock) wait.lock();
            ENTERING.remove(wait);
            Ownership.claim(lock, wait.hook(), wait.thread());
            return true;
        } finally {
            Ownership.LATCH.open();
        }
    }

    @Override
    @DontInline
    @ReservedStackAccess
    public void leave(Wait wait) {
        Ownership.LATCH.shut();
        try {
            ENTERING.remove(wait);
        } finally {
            Ownership.LATCH.open();
        }
        Ownership.wake();
    }

    @Override
    public void addBlockers(Wait wait, List<Thread> threads) {
        Ownership.LATCH.shut();
        try {
            if (Ownership.owner != null && Ownership.owner != wait.thread()) {
                threads.add(Ownership.owner);
            } else if (wait.queued) {
                for (Wait other = wait.ahead; other != null; other = other.ahead) {
                    if (!other.ended) {
                        threads.add(other.thread());
                    }
                }
            }
        } finally {
            Ownership.LATCH.open();
        }
    }
}
