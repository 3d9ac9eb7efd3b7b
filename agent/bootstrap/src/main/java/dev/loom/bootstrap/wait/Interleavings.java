package dev.loom.bootstrap.wait;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import jdk.internal.vm.annotation.DontInline;
import jdk.internal.vm.annotation.ReservedStackAccess;

/**
 * Looks at a few of the interleavings that filters prevent or see: no more than the agent permits, for each takes two stacks. A thread takes only its
 * own stack, and only where it is in no hurry: who comes, before it parks, and who leaves, when it wakes another. Thread-safe.
 */
public final class Interleavings {

    /** So many are kept until the agent takes them; a power of two. */
    private static final int KEPT = 16;

    private static final AtomicInteger PERMITS = new AtomicInteger();
    private static final AtomicReferenceArray<Interleaving> OVER = new AtomicReferenceArray<>(KEPT);
    private static final AtomicInteger WRITTEN = new AtomicInteger();
    /** An overlap whose other thread has not left yet. */
    private static volatile Interleaving overlap;

    private Interleavings() {}

    /** Those that are over since the last call, oldest first; and lets so many more be looked at. */
    public static List<Interleaving> take(int permits) {
        PERMITS.set(permits);
        List<Interleaving> taken = new ArrayList<>();
        Interleaving unfinished = overlap;
        overlap = null;
        if (unfinished != null) {
            taken.add(unfinished);
        }
        int next = WRITTEN.get();
        for (int i = 0; i < KEPT; i++) {
            Interleaving one = OVER.getAndSet(next + i & KEPT - 1, null);
            if (one != null) {
                taken.add(one);
            }
        }
        return taken;
    }

    /** Whether one may be looked at now. */
    public static boolean isWanted() {
        return PERMITS.get() > 0;
    }

    private static boolean permitted() {
        int left = PERMITS.get();
        return left > 0 && PERMITS.compareAndSet(left, left - 1);
    }

    /** Initializes what is needed, so that nothing has to be loaded or linked at the end of a stack. */
    static void warmUp() {
        WRITTEN.get();
        Interleaving one = new Interleaving(null, Thread.currentThread(), null, 0, new Throwable());
        if (one.awaits(Thread.currentThread())) {
            one.leaves(Thread.currentThread(), new Throwable());
        }
        one.ends(Interleaving.End.PREVENTED, 0);
        isWanted();
    }

    /** To be called by a thread that is about to park: null if nobody wants to see it. */
    @DontInline
    static Interleaving begin(Wait wait) {
        try {
            if (!permitted()) {
                return null;
            }
            List<Thread> blockers = blockersOf(wait);
            return new Interleaving(wait.listener(), wait.thread(), blockers.isEmpty() ? null : blockers.get(0), wait.since(), new Throwable());
        } catch (StackOverflowError | OutOfMemoryError e) {
            return null; // it is not seen, and nothing else
        }
    }

    /** It shuts latches, which must not stay shut should the stack end there. */
    @DontInline
    @ReservedStackAccess
    private static List<Thread> blockersOf(Wait wait) {
        return wait.blockers();
    }

    /** To be called by a thread that wakes another, before it does. One that waits itself wakes the next in a queue, and was not what that waited for. */
    @DontInline
    static void leaves(Interleaving seen) {
        try {
            Thread me = Thread.currentThread();
            if (seen.awaits(me) && !WaitRegistry.isWaiting(me) && LoomCode.enter()) {
                try {
                    seen.leaves(me, new Throwable());
                } finally {
                    LoomCode.leave();
                }
            }
        } catch (StackOverflowError | OutOfMemoryError e) {
            // it is not seen, and nothing else
        }
    }

    /** To be called when the wait is over. One of which nobody knows with whom it was is forgotten. */
    static void over(Interleaving seen, boolean acquired) {
        if (seen.other() != null) {
            seen.ends(acquired ? Interleaving.End.PREVENTED : Interleaving.End.BYPASSED, System.nanoTime() - seen.since());
            keep(seen);
        }
    }

    private static void keep(Interleaving seen) {
        OVER.set(WRITTEN.getAndIncrement() & KEPT - 1, seen);
    }

    /** To be called by a thread that came inside while another is there, where nobody waits. */
    @DontInline
    public static void overlaps(WaitListener listener, Thread other) {
        try {
            if (overlap == null && permitted() && LoomCode.enter()) {
                try {
                    Interleaving seen = new Interleaving(listener, Thread.currentThread(), other, System.nanoTime(), new Throwable());
                    seen.ends(Interleaving.End.OVERLAPPED, 0);
                    overlap = seen;
                } finally {
                    LoomCode.leave();
                }
            }
        } catch (StackOverflowError | OutOfMemoryError e) {
            // it is not seen, and nothing else
        }
    }

    /** To be called by a thread that leaves where nobody waits. */
    public static void leavesOverlap() {
        Interleaving seen = overlap;
        if (seen != null && seen.other() == Thread.currentThread()) {
            leaves(seen);
            if (overlap == seen) {
                overlap = null;
                keep(seen);
            }
        }
    }
}
