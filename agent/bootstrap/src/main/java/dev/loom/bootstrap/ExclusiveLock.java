package dev.loom.bootstrap;

import java.util.List;
import java.util.concurrent.locks.AbstractQueuedSynchronizer;
import java.util.concurrent.locks.LockSupport;
import jdk.internal.vm.annotation.DontInline;
import jdk.internal.vm.annotation.ForceInline;
import jdk.internal.vm.annotation.ReservedStackAccess;

/** The lock of a constraint without keys and without {@code shared} sides: one owner, re-entrant. */
final class ExclusiveLock extends ConstraintLock {

    final Sync sync = new Sync(this);
    private TableLock observer;

    ExclusiveLock(String name) {
        super(name);
    }

    @Override
    public boolean keyed() {
        return false;
    }

    @Override
    public List<Thread> holders() {
        Thread owner = sync.owner();
        return owner == null ? List.of() : List.of(owner);
    }

    @Override
    public int freeDead() {
        TableLock counter = observerOrNull();
        return sync.freeDead() + (counter == null ? 0 : counter.freeDead());
    }

    @Override
    int tokensOut(RegionHook hook) {
        return sync.tokensOut(hook);
    }

    @Override
    synchronized TableLock observer() {
        if (observer == null) {
            observer = new TableLock(name(), false, 0, true);
        }
        return observer;
    }

    private synchronized TableLock observerOrNull() {
        return observer;
    }

    /**
     * The state of the lock.
     *
     * <h2>Why so</h2>
     * From the JDK's synchronizer it takes the state word, for its compare-and-set is a plain call that cannot fail to link, and
     * the owner's name, for the JVM's own deadlock detector reads it. The queue is Loom's: a wait has to be visible, and to be
     * let go.
     *
     * <h2>Safety</h2>
     * The state is 0 when free, else the id of the hook by which the owner came in first. From 0 anyone may take it by one
     * compare-and-set, the queue notwithstanding; only the owner sets it back. {@code depth} belongs to the owner. A free lock
     * with a queue may be {@link #RESERVED} instead of 0: that is taken and given back under the latch only.
     *
     * <p>That the hook's id is in the word makes removal exact: a hook that was turned off and then not seen here has no hold
     * out, for who enters reads the hook's gear after writing this word.
     *
     * <h2>Liveness</h2>
     * Who releases writes the state and then reads {@code queued}; who waits writes {@code queued} and then reads the state. One
     * of them sees the other. Storing the state costs less than a compare-and-set (measured: a fifth of an uncontended pair).
     *
     * <h2>Failure</h2>
     * The methods on the way to the state and back carry ReservedStackAccess, so that the stack cannot end between the parts of
     * a change. A thread that dies as owner is found by {@link #freeDead()}.
     */
    static final class Sync extends AbstractQueuedSynchronizer implements Waited {

        private static final int PASS = RegionHook.PASS;
        /** Free, for the first in the queue. */
        private static final int RESERVED = Integer.MIN_VALUE;
        /** A lock held by no thread for so long is one that an error left behind, ns. */
        private static final long ORPHANED = 10_000_000_000L;
        /** Looks at a lock that is held before queueing; its holder may be about to leave. */
        private static final int SPINS = Runtime.getRuntime().availableProcessors() > 1 ? 60 : 0;

        private final transient ExclusiveLock lock;
        private final Latch latch = new Latch();
        /** Guarded by the latch. */
        private final transient WaitQueue queue = new WaitQueue();
        /** Whether someone is in the queue; written under the latch. */
        private volatile boolean queued;
        /** Levels that the owner holds. */
        int depth;
        /** Hook, number of its entries, and time when the lock was first seen held by no one; guarded by the latch. */
        private int orphanId;

        private long orphanHits;
        private long orphanSince;

        Sync(ExclusiveLock lock) {
            this.lock = lock;
        }

        Thread owner() {
            return getExclusiveOwnerThread();
        }

        /** Acquires it if it is free, and the hook was not turned off meanwhile. */
        @ForceInline
        @ReservedStackAccess
        boolean tryEnter(Thread me, RegionHook hook) {
            if (compareAndSetState(0, hook.id())) {
                // read behind the state: a hook that was turned off acquires nothing, removal depends on that
                if (hook.gear != PASS) {
                    setExclusiveOwnerThread(me);
                    depth = 1;
                    return true;
                }
                free();
            }
            return false;
        }

        /** The same with a wait: not if the wait was let go, or is not allowed to this thread, either. */
        @DontInline
        boolean enterContended(RegionHook hook, Thread me) {
            long since = System.nanoTime();
            boolean acquired = spin(hook, me);
            boolean bypassed = false;
            if (!acquired) {
                Wait wait = new Wait(lock, hook, me, since);
                if (!Waits.begin(wait)) {
                    return false;
                }
                wait.waitFor(this);
                try {
                    enqueue(wait);
                    acquired = wait.await() != null;
                } finally {
                    if (!acquired) {
                        wait.leave();
                    }
                    Waits.end(wait);
                    bypassed = !acquired && wait.broken();
                }
            }
            hook.waited(System.nanoTime() - since, bypassed);
            if (acquired && hook.gear == PASS) {
                releaseTo(0);
                return false;
            }
            return acquired;
        }

        private boolean spin(RegionHook hook, Thread me) {
            for (int i = 0; i < SPINS; i++) {
                Thread.onSpinWait();
                if (getState() == 0 && tryEnter(me, hook)) {
                    return true;
                }
            }
            return false;
        }

        @ReservedStackAccess
        private void enqueue(Wait wait) {
            latch.shut();
            try {
                queue.append(wait);
                queued = true;
            } finally {
                latch.open();
            }
        }

        @Override
        @ReservedStackAccess
        public Hold tryQueued(Wait wait, boolean overdue) {
            latch.shut();
            try {
                wait.signalled = false;
                int state = getState();
                boolean free = state == 0 || state == RESERVED && (overdue || queue.head == wait);
                if (!free || !compareAndSetState(state, wait.hook().id())) {
                    return null;
                }
                setExclusiveOwnerThread(wait.thread());
                depth = 1;
                queue.remove(wait);
                queued = !queue.isEmpty();
                return wait.hook().exclusiveHold;
            } finally {
                latch.open();
            }
        }

        @Override
        @ReservedStackAccess
        public void leave(Wait wait) {
            Wait next = null;
            latch.shut();
            try {
                queue.remove(wait);
                queued = !queue.isEmpty();
                int state = getState();
                if (state == RESERVED) {
                    setState(freeState());
                }
                if (state == RESERVED || state == 0) {
                    next = signalFirst();
                }
            } finally {
                latch.open();
            }
            wake(next);
        }

        /** Releases down to that many levels. For the owner. */
        @ForceInline
        @ReservedStackAccess
        void releaseTo(int left) {
            if (left > 0) {
                if (left < depth) {
                    depth = left;
                }
                return;
            }
            depth = 0;
            setExclusiveOwnerThread(null);
            free();
        }

        @ForceInline
        @ReservedStackAccess
        private void free() {
            if (!queued) {
                setState(0);
                if (!queued) {
                    return;
                }
                // someone has come between
                signal();
                return;
            }
            freeContended();
        }

        @DontInline
        @ReservedStackAccess
        private void freeContended() {
            Wait next;
            latch.shut();
            try {
                setState(freeState());
                next = signalFirst();
            } finally {
                latch.open();
            }
            wake(next);
        }

        @DontInline
        @ReservedStackAccess
        private void signal() {
            Wait next;
            latch.shut();
            try {
                next = signalFirst();
            } finally {
                latch.open();
            }
            wake(next);
        }

        /** What the state becomes when the lock is freed. */
        private int freeState() {
            Wait first = queue.head;
            return first != null && first.starving ? RESERVED : 0;
        }

        private Wait signalFirst() {
            Wait first = queue.head;
            if (first == null || first.signalled) {
                return null;
            }
            first.signalled = true;
            return first;
        }

        private static void wake(Wait wait) {
            if (wait != null) {
                LockSupport.unpark(wait.thread());
            }
        }

        @Override
        public void addBlockers(Wait wait, List<Thread> threads) {
            Thread owner = owner();
            if (owner != null && owner != wait.thread()) {
                threads.add(owner);
            }
        }

        int tokensOut(RegionHook hook) {
            latch.shut();
            try {
                return queue.countOf(hook) + (getState() == hook.id() ? 1 : 0);
            } finally {
                latch.open();
            }
        }

        int freeDead() {
            Wait next;
            latch.shut();
            try {
                int state = getState();
                if (state == 0 || state == RESERVED || !isAbandoned(state)) {
                    return 0;
                }
                depth = 0;
                setExclusiveOwnerThread(null);
                setState(freeState());
                next = signalFirst();
            } finally {
                latch.open();
            }
            wake(next);
            return 1;
        }

        /**
         * Whether the owner is dead; or there was none for so long, without any entry, that this cannot be a thread on its way in
         * or out.
         */
        private boolean isAbandoned(int id) {
            Thread owner = owner();
            if (owner != null) {
                orphanId = 0;
                return !owner.isAlive();
            }
            RegionHook hook = HookRegistry.find(id);
            long hits = hook == null ? 0 : hook.hits;
            long now = System.nanoTime();
            if (orphanId != id || orphanHits != hits) {
                orphanId = id;
                orphanHits = hits;
                orphanSince = now;
            }
            return now - orphanSince > ORPHANED;
        }
    }
}
