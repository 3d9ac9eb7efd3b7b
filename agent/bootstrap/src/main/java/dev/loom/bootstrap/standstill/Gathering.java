package dev.loom.bootstrap.standstill;

import dev.loom.bootstrap.hook.RegionHook;
import dev.loom.bootstrap.wait.Wait;
import dev.loom.bootstrap.wait.WaitRegistry;
import dev.loom.bootstrap.wait.WaitTarget;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import jdk.internal.vm.annotation.DontInline;
import jdk.internal.vm.annotation.ReservedStackAccess;

/**
 * The owner's wait until the others have stopped; it knows its own bound, should nobody tell it. Guarded by the latch of {@link
 * Ownership}.
 */
final class Gathering implements WaitTarget {

    /** Time for the others to come to a poll; then the region begins without them, ns. */
    static final long GATHERING = TimeUnit.SECONDS.toNanos(3);
    /** More time for the watcher to say that {@link #GATHERING} is over, before the thread at the entry does without it, ns. */
    private static final long GRACE = TimeUnit.SECONDS.toNanos(1);
    private static final WaitTarget OTHERS = new Gathering();
    /** The owner's wait for the others; null if it does not wait. */
    static GatherWait gathering;
    /** Looks at threads; the agent's. */
    static volatile Thread watcher;

    private Gathering() {}

    /** Waits until the others have stopped, or will not be waited for. */
    static void gather(StandstillLock lock, RegionHook hook, Thread me) {
        Thread looks = watcher;
        if (looks == null || lock.bit == 0) {
            return;
        }
        GatherWait wait = new GatherWait(lock, hook, me, System.nanoTime());
        try {
            if (WaitRegistry.begin(wait)) {
                wait.waitFor(OTHERS);
                begin(wait);
                LockSupport.unpark(looks);
                wait.await();
            }
        } finally {
            wait.ended = true;
            wait.conclude(true);
            if (!wait.gathered && !hook.passes() && watcher != null) {
                hook.bypassed(1);
            }
        }
    }

    @DontInline
    @ReservedStackAccess
    private static void begin(GatherWait wait) {
        Ownership.LATCH.shut();
        try {
            gathering = wait;
        } finally {
            Ownership.LATCH.open();
        }
    }

    /** What there is to look for; null if nothing. */
    static Standstill.Request request() {
        Ownership.LATCH.shut();
        try {
            GatherWait wait = gathering;
            if (wait == null || wait.gathered || wait.ended) {
                return null;
            }
            return new Standstill.Request(Ownership.owner, Ownership.enforced(), System.nanoTime() - wait.since() > GATHERING, wait);
        } finally {
            Ownership.LATCH.open();
        }
    }

    /** Ends a request. The missing threads are let go on, and counted. */
    static void gathered(Standstill.Request request, List<Thread> missing) {
        Ownership.LATCH.shut();
        GatherWait wait;
        try {
            wait = gathering;
            if (wait == null || wait != request.entry()) {
                return;
            }
            for (Thread thread : missing) {
                Ownership.letGo(thread);
            }
            wait.gathered = true;
        } finally {
            Ownership.LATCH.open();
        }
        if (!missing.isEmpty()) {
            wait.hook().bypassed(missing.size());
        }
        LockSupport.unpark(wait.thread());
    }

    @Override
    public boolean tryQueued(Wait wait, boolean overdue) {
        return ((GatherWait) wait).gathered || watcher == null || System.nanoTime() - wait.since() > GATHERING + GRACE;
    }

    @Override
    public void leave(Wait wait) {}

    @Override
    public void addBlockers(Wait wait, List<Thread> threads) {}
}
