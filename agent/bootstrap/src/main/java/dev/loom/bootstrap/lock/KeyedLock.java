package dev.loom.bootstrap.lock;

import dev.loom.bootstrap.Faults;
import dev.loom.bootstrap.hook.RegionHook;
import dev.loom.bootstrap.hook.UnprotectedHold;
import dev.loom.bootstrap.wait.Wait;
import dev.loom.bootstrap.wait.WaitRegistry;
import java.util.ArrayList;
import java.util.List;
import jdk.internal.vm.annotation.DontInline;
import jdk.internal.vm.annotation.ReservedStackAccess;
import jdk.internal.vm.annotation.Stable;

/**
 * The lock of a constraint with keys, with {@code shared} sides, or both; and what counts overlaps for a constraint that is
 * only observed.
 *
 * <h2>Safety</h2>
 * Keys are spread over stripes, each a {@link dev.loom.bootstrap.wait.SpinLatch} with the {@link KeyOccupants entries} of the keys that are held or waited for now;
 * everything in and below a stripe is guarded by the latch, which is shut for a few dozen instructions at a time. No two keys
 * share an entry, and an entry is strong while anyone is inside or waits; then it forgets its key and is used again.
 *
 * <h2>Liveness</h2>
 * See {@link Wait}. A thread that asks for a shared side lets one ahead of it in the queue go first once that one has waited
 * its patience out, so that a stream of readers does not starve a writer.
 *
 * <h2>Failure</h2>
 * No allocation on the uncontended path; where a spare is missing it is made before anything changes. The methods with
 * ReservedStackAccess finish even where the stack ends; an error that the JVM held back meanwhile comes out behind them, and
 * {@link #undo} gives a level back that the hook did not get. Shutting the latch, the change, opening it and waking the next are written out in
 * each: a body passed to one method would be a call that the reserved part of the stack does not cover.
 */
public final class KeyedLock extends ExclusionLock {

    /** Stripes of a lock with keys; a power of two. */
    private static final int STRIPES = 128;

    /** Sides of the constraint; 0 if none is shared. */
    final int sides;
    /** Whether it only counts overlaps. */
    final boolean counting;

    final boolean keyed;
    @Stable
    private final KeyStripe[] stripes;

    public KeyedLock(String name, boolean keyed, int sides, boolean counting) {
        super(name);
        this.keyed = keyed;
        this.sides = sides;
        this.counting = counting;
        this.stripes = new KeyStripe[keyed ? STRIPES : 1];
        for (int i = 0; i < stripes.length; i++) {
            stripes[i] = new KeyStripe(this, i);
        }
    }

    /** Initializes what hooks of mutual exclusions need, so that nothing has to be loaded or linked at the end of a stack. */
    public static void warmUp() {
        KeyedLock lock = new KeyedLock("warm-up", true, 1, false);
        KeyedHook hook = lock.hook(0, 0, true);
        hook.unprotectedHold().exit(0);
        UnprotectedHold.shared(hook).share().exit(0);
        Wait wait = new KeyedWait(lock, hook, Thread.currentThread(), System.nanoTime());
        WaitRegistry.begin(wait);
        wait.ended = true;
        wait.conclude(true);
        hook.mode(RegionHook.Mode.OBSERVE);
        hook.counts();
        hook.tokensOut();
    }

    @Override
    public boolean keyed() {
        return keyed;
    }

    @Override
    public KeyedHook hook(int id, int side, boolean shared) {
        if (shared && (side < 0 || side >= sides)) {
            throw noSharedSide(side);
        }
        return new KeyedHook(id, this, side, shared);
    }

    /** The numbers of a new hook, stripe by stripe. */
    StripeCounts[] newCounts() {
        StripeCounts[] counts = new StripeCounts[stripes.length];
        for (int i = 0; i < counts.length; i++) {
            counts[i] = new StripeCounts();
        }
        return counts;
    }

    @Override
    KeyedLock newObserver() {
        return new KeyedLock(name(), keyed, sides, true);
    }

    KeyStripe stripe(int hash) {
        return stripes[hash & stripes.length - 1];
    }

    /** Lets the thread in, or returns null if it has to wait. */
    @DontInline
    @ReservedStackAccess
    Holder enter(
            RegionHook hook, StripeCounts[] cells, KeyStripe stripe, int hash, int kind, long bits, Object reference, Thread me) {
        stripe.shut();
        try {
            KeyOccupants entry = stripe.entry(kind, bits, reference, hash);
            try {
                return entry.enter(hook, me, null, false, cells == null ? null : cells[stripe.index]);
            } catch (Throwable t) {
                stripe.dropIfIdle(entry);
                throw t;
            }
        } finally {
            stripe.open();
        }
    }

    /** The same with a wait; null if the wait was let go, or is not allowed to this thread. */
    Holder enterContended(
            RegionHook hook, StripeCounts[] cells, KeyStripe stripe, int hash, int kind, long bits, Object reference, Thread me) {
        long since = System.nanoTime();
        KeyedWait wait = spareWait(stripe);
        if (wait == null) {
            wait = new KeyedWait(this, hook, me, since);
        } else {
            wait.renew(hook, me, since);
        }
        wait.cell = cells == null ? null : cells[stripe.index];
        boolean came = false;
        try {
            if (WaitRegistry.begin(wait)) {
                queue(wait, stripe, hash, kind, bits, reference);
                came = wait.await();
            }
        } finally {
            wait.ended = true;
            if (!came && wait.acquired != null) {
                // the stack ended on the way back
                wait.acquired.postponed = wait.acquired.depth;
            }
            wait.conclude(wait.acquired != null);
        }
        Holder acquired = came ? wait.acquired : null;
        try {
            if (wait.isForgotten()) {
                wait.acquired = null;
                keepSpare(stripe, wait);
            }
        } catch (StackOverflowError e) {
            // one spare less; what was acquired is not to be lost for that
            Faults.stackEnds++;
        }
        return acquired;
    }

    @DontInline
    @ReservedStackAccess
    private static KeyedWait spareWait(KeyStripe stripe) {
        stripe.shut();
        try {
            return (KeyedWait) stripe.spareWaits.take();
        } finally {
            stripe.open();
        }
    }

    @DontInline
    @ReservedStackAccess
    private static void keepSpare(KeyStripe stripe, KeyedWait wait) {
        stripe.shut();
        try {
            if (!wait.hook().passes()) {
                stripe.spareWaits.give(wait);
            }
        } finally {
            stripe.open();
        }
    }

    @DontInline
    @ReservedStackAccess
    private void queue(KeyedWait wait, KeyStripe stripe, int hash, int kind, long bits, Object reference) {
        stripe.shut();
        try {
            KeyOccupants entry = stripe.entry(kind, bits, reference, hash);
            wait.waitFor(entry);
            if (entry.find(wait.thread()) != null) {
                entry.queue.prepend(wait);
            } else {
                entry.queue.append(wait);
            }
            entry.nameOwner();
        } finally {
            stripe.open();
        }
    }

    @DontInline
    @ReservedStackAccess
    boolean tryQueued(KeyOccupants entry, KeyedWait wait, boolean overdue) {
        boolean entered;
        Wait next = null;
        KeyStripe stripe = entry.stripe();
        stripe.shut();
        try {
            wait.signalled = false;
            entered = entry.enter(wait.hook(), wait.thread(), wait, overdue, wait.cell) != null;
            if (entered) {
                entry.queue.remove(wait);
                next = entry.signalFirst();
            }
        } finally {
            stripe.open();
        }
        Wait.wake(next);
        return entered;
    }

    @DontInline
    @ReservedStackAccess
    void leave(KeyOccupants entry, Wait wait) {
        Wait next = null;
        KeyStripe stripe = entry.stripe();
        stripe.shut();
        try {
            if (wait.queued) {
                entry.queue.remove(wait);
                next = entry.signalFirst();
                stripe.dropIfIdle(entry);
            }
        } finally {
            stripe.open();
        }
        Wait.wake(next);
    }

    /**
     * Releases levels. For the thread that holds.
     *
     * @param one whether to release just this level, whatever lies above it; else that and all above
     */
    @DontInline
    @ReservedStackAccess
    void release(Holder holder, int level, boolean one) {
        Wait next = null;
        KeyStripe stripe = holder.stripe;
        stripe.shut();
        try {
            KeyOccupants entry = holder.entry;
            if (one) {
                entry.takeOut(holder, level);
            } else if (level <= holder.depth) {
                entry.lower(holder, level - 1);
            }
            next = entry.signalFirst();
            stripe.dropIfIdle(entry);
        } finally {
            stripe.open();
        }
        Wait.wake(next);
    }

    /** The same for a thin hold, which may have been made a {@link Holder} of meanwhile. Does nothing for another thread. */
    @DontInline
    @ReservedStackAccess
    void release(ThinHold thin, boolean one) {
        Wait next = null;
        KeyStripe stripe = thin.stripe;
        stripe.shut();
        try {
            KeyOccupants entry = stripe.home;
            Holder holder = entry.solo;
            if (holder.thin && holder.thread == Thread.currentThread()) {
                if (one) {
                    entry.takeOut(holder, 1);
                } else {
                    entry.lower(holder, 0);
                }
                holder.thin = false;
                stripe.releases++;
                next = entry.signalFirst();
                stripe.dropIfIdle(entry);
            }
        } finally {
            stripe.open();
        }
        Wait.wake(next);
    }

    /** Has the numbers of its hooks tell all their entries. */
    void count() {
        for (KeyStripe stripe : stripes) {
            stripe.shut();
            try {
                stripe.count();
            } finally {
                stripe.open();
            }
        }
    }

    /** Gives a level back that the thread acquired in a hook that then failed. */
    @DontInline
    @ReservedStackAccess
    void undo(KeyStripe stripe, int hash, int kind, long bits, Object reference, Thread me) {
        Holder holder = null;
        stripe.shut();
        try {
            KeyOccupants entry = stripe.find(kind, bits, reference, hash);
            if (entry != null) {
                holder = entry.find(me);
            }
        } finally {
            stripe.open();
        }
        if (holder != null && holder.fresh) {
            release(holder, holder.depth, false);
        }
    }

    @Override
    public List<Thread> holders() {
        List<Thread> threads = new ArrayList<>();
        for (KeyStripe stripe : stripes) {
            stripe.shut();
            try {
                for (KeyOccupants entry : stripe.all()) {
                    entry.addHolders(threads);
                }
            } finally {
                stripe.open();
            }
        }
        return threads;
    }

    @Override
    int freeOwnDead() {
        return free(null);
    }

    @Override
    public boolean freeLost(Thread thread) {
        return free(thread) > 0;
    }

    /** Takes a thread out wherever it is inside; or all that have died, for null. Returns how many holds that were. */
    private int free(Thread thread) {
        int freed = 0;
        for (KeyStripe stripe : stripes) {
            List<Wait> woken = new ArrayList<>();
            stripe.shut();
            try {
                for (KeyOccupants entry : stripe.all()) {
                    int found = thread == null ? entry.removeDead() : entry.remove(thread);
                    if (found > 0) {
                        freed += found;
                        Wait next = entry.signalFirst();
                        if (next != null) {
                            woken.add(next);
                        }
                        stripe.dropIfIdle(entry);
                    }
                }
            } finally {
                stripe.open();
            }
            for (Wait next : woken) {
                Wait.wake(next);
            }
        }
        return freed;
    }

    @Override
    protected int tokensOut(RegionHook hook) {
        int count = 0;
        for (KeyStripe stripe : stripes) {
            stripe.shut();
            try {
                if (hook.passes()) {
                    stripe.spareWaits.clear(); // it is being removed
                }
                for (KeyOccupants entry : stripe.all()) {
                    count += entry.tokensOut(hook);
                }
            } finally {
                stripe.open();
            }
        }
        return count;
    }

    /** Keys that somebody holds or waits for; what tests look at, to see that none is retained. */
    int entriesInUse() {
        int count = 0;
        for (KeyStripe stripe : stripes) {
            stripe.shut();
            try {
                for (KeyOccupants entry : stripe.all()) {
                    if (!entry.isIdle()) {
                        count++;
                    }
                }
            } finally {
                stripe.open();
            }
        }
        return count;
    }
}
