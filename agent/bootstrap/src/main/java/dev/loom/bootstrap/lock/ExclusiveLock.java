package dev.loom.bootstrap.lock;

import dev.loom.bootstrap.Faults;
import dev.loom.bootstrap.hook.LockWait;
import dev.loom.bootstrap.hook.RegionHook;
import dev.loom.bootstrap.wait.SpareWaits;
import dev.loom.bootstrap.wait.SpinLatch;
import dev.loom.bootstrap.wait.Wait;
import dev.loom.bootstrap.wait.WaitQueue;
import dev.loom.bootstrap.wait.WaitRegistry;
import dev.loom.bootstrap.wait.WaitTarget;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.locks.AbstractOwnableSynchronizer;
import jdk.internal.vm.annotation.DontInline;
import jdk.internal.vm.annotation.ReservedStackAccess;

/** The lock of a constraint without keys and without {@code shared} sides: one owner, re-entrant. */
public final class ExclusiveLock extends ExclusionLock {

    final Sync sync = new Sync(this);

    public ExclusiveLock(String name) {
        super(name);
    }

    @Override
    public ExclusiveHook hook(int id, int side, boolean shared) {
        if (shared) {
            throw noSharedSide(side);
        }
        return new ExclusiveHook(id, this, side);
    }

    @Override
    public boolean keyed() {
        return false;
    }

    @Override
    public List<Thread> holders() {
        Thread owner = sync.owner;
        return owner == null ? List.of() : List.of(owner);
    }

    @Override
    int freeOwnDead() {
        return sync.freeDead();
    }

    @Override
    public boolean freeLost(Thread thread) {
        return sync.freeLost(thread);
    }

    @Override
    protected int tokensOut(RegionHook hook) {
        return sync.tokensOut(hook);
    }

    @Override
    KeyedLock newObserver() {
        return new KeyedLock(name(), false, 0, true);
    }

    /**
     * The state of the lock.
     *
     * <h2>Safety</h2>
     * The state is 0 when free, else the id of the hook by which the owner came in first. From 0 anyone may take it by one
     * compare-and-set, the queue notwithstanding; only the owner sets it back. {@code owner} and {@code more} are the owner's. A
     * free lock with a queue may be {@link #RESERVED} instead of 0: that is taken and given back under the latch only. The ways in
     * and out without contention stand in {@link dev.loom.bootstrap.Hooks}.
     *
     * <p>That the hook's id is in the word makes removal exact: a hook that was turned off and then not seen here has no hold
     * out, for who enters reads the hook's gear after writing this word.
     *
     * <h2>Liveness</h2>
     * Who releases writes the state and then reads {@code wanted}; who waits writes {@code wanted} and then reads the state. One
     * of them sees the other. Storing the state costs less than a compare-and-set (measured: a fifth of an uncontended pair).
     * While the first in the queue has been woken and has not looked yet there is nothing to do for who releases, so
     * {@code wanted} is not set: it is again before that one looks at the state.
     *
     * <h2>Failure</h2>
     * See {@link dev.loom.bootstrap.Hooks} for the end of the stack. A thread that dies as owner is found by {@link #freeDead()}.
     *
     * <p>The owner's name in the superclass is for the JVM's own deadlock detector; it is kept while someone waits.
     */
    public static final class Sync extends AbstractOwnableSynchronizer implements WaitTarget {

        static final AtomicIntegerFieldUpdater<Sync> STATE = AtomicIntegerFieldUpdater.newUpdater(Sync.class, "state");

        /** Free, for the first in the queue. */
        private static final int RESERVED = Integer.MIN_VALUE;
        private static final boolean ALONE = Runtime.getRuntime().availableProcessors() == 1;
        /** Looks at a lock that is held before queueing; its holder may be about to leave. */
        private static final int LOOKS = ALONE ? 0 : 8;
        /**
         * Pauses between two looks, about a microsecond in all: who has the lock may go through a short region many times meanwhile. Looking all the
         * time, two threads hand a region of some nanoseconds to and fro, at a cache miss each time (measured: three times the time).
         */
        private static final int PAUSES = 32;

        private final transient ExclusiveLock lock;
        private final SpinLatch latch = new SpinLatch();
        /** Guarded by the latch. */
        private final transient WaitQueue queue = new WaitQueue();
        /** Guarded by the latch. */
        private final transient SpareWaits spareWaits = new SpareWaits();

        public volatile int state;
        /** Whether the first in the queue is to be woken when the lock is free; written under the latch. */
        public volatile boolean wanted;
        public transient Thread owner;
        /** Levels that the owner holds besides the first; 0 while there is no owner, so that the common entry and exit need not write it. */
        public int more;
        /** Goes up when an owner frees the lock under the latch. */
        public int frees;
        private final transient Orphan orphan = new Orphan();

        Sync(ExclusiveLock lock) {
            this.lock = lock;
        }

        /**
         * Acquires it, if need be with a wait; not if the wait was let go, the hook turned off, or the thread is not to wait.
         */
        @DontInline
        boolean enter(RegionHook hook, Thread me) {
            if (owner == me) {
                more++;
                return true;
            }
            if (!tryEnter(hook, me) && !enterContended(hook, me)) {
                return false;
            }
            if (hook.passes()) {
                release(1);
                return false;
            }
            return true;
        }

        /** No call follows on the change of the state. */
        private boolean tryEnter(RegionHook hook, Thread me) {
            if (STATE.compareAndSet(this, 0, hook.id)) {
                owner = me;
                return true;
            }
            return false;
        }

        private boolean enterContended(RegionHook hook, Thread me) {
            long since = System.nanoTime();
            for (int i = 0; i < LOOKS; i++) {
                pause();
                if (state == 0 && tryEnter(hook, me)) {
                    hook.waitedBriefly(System.nanoTime() - since);
                    return true;
                }
            }
            LockWait wait = spareWait();
            if (wait == null) {
                wait = new LockWait(lock, hook, me, since);
            } else {
                wait.renew(hook, me, since);
            }
            try {
                if (WaitRegistry.begin(wait)) {
                    wait.waitFor(this);
                    enqueue(wait);
                    wait.await();
                }
            } finally {
                wait.ended = true;
                // not what await says: at the end of the stack its answer may be lost
                wait.conclude(owner == me);
            }
            boolean acquired = owner == me;
            try {
                if (wait.isForgotten()) {
                    keepSpare(wait);
                }
            } catch (StackOverflowError e) {
                // one spare less; what was acquired is not to be lost for that
                Faults.stackEnds++;
            }
            return acquired;
        }

        @DontInline
        @ReservedStackAccess
        private LockWait spareWait() {
            latch.shut();
            try {
                return (LockWait) spareWaits.take();
            } finally {
                latch.open();
            }
        }

        @DontInline
        @ReservedStackAccess
        private void keepSpare(LockWait wait) {
            latch.shut();
            try {
                if (!wait.hook().passes()) {
                    spareWaits.give(wait);
                }
            } finally {
                latch.open();
            }
        }

        @DontInline
        @ReservedStackAccess
        private void enqueue(Wait wait) {
            latch.shut();
            try {
                queue.append(wait);
                lookAfterQueue();
            } finally {
                latch.open();
            }
        }

        @Override
        @DontInline
        @ReservedStackAccess
        public boolean tryQueued(Wait wait, boolean overdue) {
            boolean woken = wait.signalled;
            boolean entered = woken && spin(wait);
            entered = tryNow(wait, entered, overdue);
            if (!entered && woken && wait.starving) {
                // its holder will reserve it when it leaves: no need to park for that
                entered = tryNow(wait, spin(wait), overdue);
            }
            return entered;
        }

        /** Looks for some time whether it can be had, as newcomers do. */
        private boolean spin(Wait wait) {
            for (int i = 0; i < LOOKS; i++) {
                int now = state;
                if (now == 0 && tryEnter(((LockWait) wait).hook(), wait.thread())) {
                    return true;
                }
                if (now == RESERVED) {
                    return false;
                }
                pause();
            }
            return false;
        }

        private static void pause() {
            for (int i = 0; i < PAUSES; i++) {
                Thread.onSpinWait();
            }
        }

        /** @param entered it has it already, and is in the queue nevertheless */
        @DontInline
        @ReservedStackAccess
        private boolean tryNow(Wait wait, boolean entered, boolean overdue) {
            latch.shut();
            try {
                wait.signalled = false;
                // before the state is read
                wanted = true;
                int now = state;
                boolean free = now == 0 || now == RESERVED && (overdue || queue.first() == wait);
                if (!entered && (!free || !STATE.compareAndSet(this, now, ((LockWait) wait).hook().id))) {
                    lookAfterQueue();
                    setExclusiveOwnerThread(owner);
                    return false;
                }
                owner = wait.thread();
                remove(wait);
                setExclusiveOwnerThread(queue.isEmpty() ? null : owner);
                return true;
            } finally {
                latch.open();
            }
        }

        @Override
        @DontInline
        @ReservedStackAccess
        public void leave(Wait wait) {
            Wait next = null;
            latch.shut();
            try {
                remove(wait);
                int now = state;
                if (now == RESERVED) {
                    state = freeState();
                }
                if (now == RESERVED || now == 0) {
                    next = signalFirst();
                }
            } finally {
                latch.open();
            }
            Wait.wake(next);
        }

        private void remove(Wait wait) {
            queue.remove(wait);
            lookAfterQueue();
            if (queue.isEmpty()) {
                setExclusiveOwnerThread(null);
            }
        }

        private void lookAfterQueue() {
            wanted = queue.firstToWake() != null;
        }

        /**
         * Frees the lock, unless the owner has done so before it saw the queue, and wakes who is next.
         *
         * @param seen the number of frees if the lock is not yet free
         */
        @DontInline
        @ReservedStackAccess
        public void freeContended(int seen) {
            Wait next;
            latch.shut();
            try {
                if (frees == seen) {
                    free();
                }
                next = signalFirst();
            } finally {
                latch.open();
            }
            Wait.wake(next);
        }

        /** Releases down to {@code level - 1} levels; one level if that is not positive. Does nothing for another thread. */
        @DontInline
        @ReservedStackAccess
        void release(int level) {
            if (owner == Thread.currentThread()) {
                int left = level > 0 ? level - 1 : more;
                if (left <= 0) {
                    freeLost(owner);
                } else if (left <= more) {
                    more = left - 1;
                }
            }
        }

        private void free() {
            frees++;
            setExclusiveOwnerThread(null);
            state = freeState();
        }

        private int freeState() {
            Wait first = queue.first();
            return first != null && first.starving ? RESERVED : 0;
        }

        private Wait signalFirst() {
            Wait next = queue.firstToWake();
            if (next != null) {
                next.signalled = true;
                // it will say who owns it then
                setExclusiveOwnerThread(null);
            }
            wanted = false;
            return next;
        }

        @Override
        public void addBlockers(Wait wait, List<Thread> threads) {
            Thread holder = owner;
            if (holder != null && holder != wait.thread()) {
                threads.add(holder);
            }
        }

        int tokensOut(RegionHook hook) {
            latch.shut();
            try {
                if (hook.passes()) {
                    spareWaits.clear(); // it is being removed
                }
                return queue.countOf(hook) + (state == hook.id ? 1 : 0);
            } finally {
                latch.open();
            }
        }

        int freeDead() {
            Wait next;
            latch.shut();
            try {
                int now = state;
                if (now == 0 || now == RESERVED || !isAbandoned(now)) {
                    return 0;
                }
                next = freeInPlaceOfOwner();
            } finally {
                latch.open();
            }
            Wait.wake(next);
            return 1;
        }

        @DontInline
        @ReservedStackAccess
        boolean freeLost(Thread thread) {
            Wait next;
            latch.shut();
            try {
                if (owner != thread || state == 0 || state == RESERVED) {
                    return false;
                }
                next = freeInPlaceOfOwner();
            } finally {
                latch.open();
            }
            Wait.wake(next);
            return true;
        }

        private Wait freeInPlaceOfOwner() {
            more = 0;
            owner = null;
            free();
            return signalFirst();
        }

        /**
         * Whether the owner is dead; or there was none for so long, without any entry, that this cannot be a thread on its way in
         * or out.
         */
        private boolean isAbandoned(int id) {
            Thread holder = owner;
            if (holder != null) {
                orphan.hasOwner();
                return !holder.isAlive();
            }
            return orphan.isLeft(id);
        }
    }
}
