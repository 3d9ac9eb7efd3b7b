package dev.loom.bootstrap.wait;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import jdk.internal.vm.annotation.DontInline;
import jdk.internal.vm.annotation.ReservedStackAccess;

/**
 * One thread's wait in a hook, or at a poll, for a {@link WaitTarget}. Whoever has the wait is told of it as its {@link WaitListener}.
 *
 * <h2>Liveness</h2>
 * A wait parks in slices, so that a wake-up that was lost costs a slice and no more. Who gives the lock back wakes the first in
 * the queue, which then competes with newcomers; after {@link #PATIENCE} newcomers stand back for it.
 *
 * <h2>What the application notices</h2>
 * Nothing but the time: an interrupt is put back afterwards, and since parking may have eaten a permit that the application
 * had been given, one is given back. (A surplus permit is harmless, {@code park} may return at any time.)
 */
public abstract class Wait {

    /** A wait longer than this is long: the guard looks at it. First slice, ns. */
    static final long MOMENT = 20_000_000;
    /** Longest slice, ns. */
    private static final long LONGEST_SLICE = 500_000_000;
    /** A wait longer than this does not let newcomers go ahead, ns. */
    private static final long PATIENCE = 1_000_000;

    private volatile WaitListener listener;
    private Thread thread;
    private long since;
    /** What it waits for; its latch guards the place in the queue. */
    private volatile WaitTarget waited;

    /** Neighbours in the queue of {@link #waited}; guarded by its latch, as are the next two. */
    public Wait ahead;
    public Wait behind;
    public boolean queued;
    /** It was woken and has not looked yet. */
    public boolean signalled;

    /** Neighbour in {@link WaitRegistry}; guarded by its latch. */
    Wait nextInStripe;
    /** Whether the registry has told somebody of it, who may know it for however long; guarded as above. */
    boolean told;

    public volatile boolean starving;
    private volatile boolean broken;
    /**
     * It is over. Set without a call, first of all, when its thread leaves: should the stack end on the rest, the thread does not
     * count as inside a hook, and its place in the queue does not count (see {@link WaitQueue}).
     */
    public volatile boolean ended;
    /** Its time is in the numbers of its listener, which guards this. */
    public boolean counted;
    private boolean timedOut;
    /** What is seen of it; null for most. Only its own thread writes this. */
    private volatile Interleaving seen;

    protected Wait(WaitListener listener, Thread thread, long since) {
        this.listener = listener;
        this.thread = thread;
        this.since = since;
    }

    /** Makes it a new wait; for one from {@link SpareWaits}. */
    public final void renew(WaitListener newListener, Thread newThread, long newSince) {
        listener = newListener;
        thread = newThread;
        since = newSince;
        signalled = false;
        starving = false;
        counted = false;
        timedOut = false;
        seen = null;
        ended = false;
    }

    /** Whether it is over and nobody can know it any more; once it was concluded, for its own thread. */
    public final boolean isForgotten() {
        return ended && !told && !queued && !broken;
    }

    /** Lets go of what it knows; renewed before it is used again. */
    final void forget() {
        thread = null;
        listener = null;
        waited = null;
    }

    /** The thread that waits. */
    public Thread thread() {
        return thread;
    }

    public final WaitListener listener() {
        return listener;
    }

    protected final void listener(WaitListener other) {
        listener = other;
    }

    /** When it began, as {@link System#nanoTime()}. */
    public long since() {
        return since;
    }

    /** Whether it is over. */
    public boolean ended() {
        return ended;
    }

    /** Whether {@link #letPass} was called. */
    public boolean broken() {
        return broken;
    }

    /**
     * The threads that keep it from going on: those that have what it waits for, and where only the queue is in the way, who is ahead.
     * It goes on only when none of them is in the way any more.
     */
    public List<Thread> blockers() {
        List<Thread> threads = new ArrayList<>();
        WaitTarget object = waited;
        if (object != null && !ended) {
            object.addBlockers(this, threads);
        }
        return threads;
    }

    /** Lets the thread go on without the lock. Does nothing if it has it meanwhile. */
    public void letPass() {
        broken = true;
        LockSupport.unpark(thread);
    }

    /** Whether it ends without the lock because somebody, or its own patience, let it go on. */
    protected boolean isBypassed() {
        return broken;
    }

    /** From here on it counts as contended. */
    public void waitFor(WaitTarget object) {
        waited = object;
        listener.contends();
    }

    /** Whether it waits for something, and did not find out only that there is nothing to wait for. */
    public boolean isContended() {
        return waited != null;
    }

    /** Takes it out of the queue, if it is in one. */
    void leave() {
        WaitTarget object = waited;
        if (object != null) {
            object.leave(this);
        }
    }

    /** What remains to be done once it has {@link #ended}: gives up its place in the queue, if it got nothing, and counts it. */
    @DontInline
    @ReservedStackAccess
    public void conclude(boolean acquired) {
        try {
            if (!acquired) {
                leave();
            }
        } finally {
            try {
                if (waited != null) {
                    // before it is forgotten: whoever adds up its time finds it in one place or the other
                    listener.waited(this, !acquired && isBypassed());
                    Interleaving sight = seen;
                    if (sight != null) {
                        seen = null;
                        Interleavings.over(sight, acquired);
                    }
                }
            } finally {
                WaitRegistry.end(this);
            }
        }
    }

    /** Whether the thread is to go on without the lock. */
    boolean isToPass() {
        return broken || listener.passes();
    }

    /** Whether it ended because its time was up. For its own thread. */
    public boolean timedOut() {
        return timedOut;
    }

    /** Waits, queued, until it has what it waits for; or until the thread is to go on without it: then returns false. */
    public boolean await() {
        return await(Long.MAX_VALUE);
    }

    /** The same, for no longer than that, counted from {@link #since}, ns. */
    public boolean await(long bound) {
        boolean interrupted = false;
        boolean parked = false;
        boolean overdue = false;
        long slice = MOMENT;
        try {
            while (true) {
                if (waited.tryQueued(this, overdue)) {
                    return true;
                }
                if (isToPass()) {
                    leave();
                    return false;
                }
                long left = bound == Long.MAX_VALUE ? slice : bound - (System.nanoTime() - since);
                if (left <= 0) {
                    timedOut = true;
                    leave();
                    return false;
                }
                if (!parked && Interleavings.isWanted()) {
                    seen = Interleavings.begin(this);
                }
                parked = true;
                LockSupport.parkNanos(waited, Math.min(slice, left));
                if (Thread.interrupted()) {
                    interrupted = true;
                }
                long waitedFor = System.nanoTime() - since;
                if (waitedFor > PATIENCE) {
                    starving = true;
                }
                if (waitedFor > MOMENT) {
                    overdue = true;
                    slice = Math.min(slice * 2, LONGEST_SLICE);
                    WaitRegistry.alarm();
                }
            }
        } finally {
            if (interrupted) {
                Interrupts.restore(thread);
            }
            if (parked) {
                LockSupport.unpark(thread);
            }
        }
    }

    /** Has a wait look whether it may go on; null for none. To be called once the latch is open. */
    public static void wake(Wait wait) {
        if (wait != null) {
            Interleaving sight = wait.seen;
            if (sight != null) {
                Interleavings.leaves(sight);
            }
            LockSupport.unpark(wait.thread);
        }
    }
}
