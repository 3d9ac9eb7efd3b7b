package dev.loom.bootstrap.standstill;

import dev.loom.bootstrap.hook.RegionHook;
import dev.loom.bootstrap.wait.SpinLatch;
import dev.loom.bootstrap.wait.ThreadList;
import dev.loom.bootstrap.wait.Wait;
import java.util.concurrent.locks.LockSupport;
import jdk.internal.vm.annotation.DontInline;
import jdk.internal.vm.annotation.ReservedStackAccess;

/**
 * Which thread is alone, or about to be, and with which locks. One latch guards that, and all else that {@link Standstill} knows. Who changes
 * something shuts and opens it in its own method: a body passed to one method would be a call that the reserved part of the stack does not cover.
 */
public final class Ownership {

    static final SpinLatch LATCH = new SpinLatch();
    /** Bits of the constraints in whose regions a thread is, or is about to be. What polls look at. */
    public static volatile int raised;
    /** The one thread that is, or is about to be, in such a region. */
    static volatile Thread owner;

    // guarded by LATCH

    /** The locks of the owner, the last one taken first. */
    static StandstillLock held;

    /** Threads that pass all polls until the owner has left. */
    static final ThreadList LET_GO = new ThreadList();

    private Ownership() {}

    /** Takes the lock if nobody is in the way. */
    @DontInline
    @ReservedStackAccess
    static boolean take(StandstillLock lock, RegionHook hook, Thread me) {
        LATCH.shut();
        try {
            makeUp();
            if (owner != me && (owner != null || !EntryQueue.ENTERING.isEmpty())) {
                return false;
            }
            claim(lock, hook, me);
            return true;
        } finally {
            LATCH.open();
        }
    }

    /** Nothing in here can fail. */
    static void claim(StandstillLock lock, RegionHook hook, Thread me) {
        owner = me;
        if (lock.hold.depth++ == 0) {
            lock.hook = hook;
            lock.below = held;
            held = lock;
            raised |= lock.bit;
        } else if (lock.hook.passes()) {
            // that by which the thread came in first belongs to a version that is gone
            lock.hook = hook;
        }
        hook.hits++;
    }

    /** Lowers the owner's levels of a lock; does nothing for another thread. */
    @DontInline
    @ReservedStackAccess
    static void exit(StandstillLock lock, int left) {
        boolean wakes = false;
        LATCH.shut();
        try {
            if (owner == Thread.currentThread()) {
                wakes = lower(lock, left);
            }
        } finally {
            LATCH.open();
        }
        if (wakes) {
            wake();
        }
    }

    /** Returns whether someone may go on now. */
    static boolean lower(StandstillLock lock, int left) {
        StandstillHold hold = lock.hold;
        hold.changes++;
        hold.postponed = 0;
        if (lock.hold.depth == 0) {
            return false;
        }
        if (left > 0) {
            lock.hold.depth = Math.min(lock.hold.depth, left);
            return false;
        }
        lock.hold.depth = 0;
        StandstillLock above = null;
        for (StandstillLock other = held; other != lock; other = other.below) {
            above = other;
        }
        if (above == null) {
            held = lock.below;
        } else {
            above.below = lock.below;
        }
        lock.below = null;
        if (held == null) {
            owner = null;
            LET_GO.clear();
            Gathering.gathering = null;
        }
        raise();
        return true;
    }

    /** The lock for which a thread has to stop at a poll; null for none. */
    static StandstillLock inTheWay(int bits, Thread me) {
        makeUp();
        if (owner == null || owner == me) {
            return null;
        }
        StandstillLock found = null;
        for (StandstillLock lock = held; lock != null; lock = lock.below) {
            if ((lock.bit & bits) != 0 && !lock.hook.passes()) {
                found = lock;
            }
        }
        return found != null && LET_GO.contains(me) ? null : found;
    }

    /** As {@link #letGo(Thread)}, for who has not shut the latch. */
    @DontInline
    @ReservedStackAccess
    static void passes(Thread me) {
        LATCH.shut();
        try {
            letGo(me);
        } finally {
            LATCH.open();
        }
    }

    /** Until the owner leaves, the thread passes. */
    static void letGo(Thread thread) {
        if (owner != null) {
            LET_GO.add(thread);
        }
    }

    static int enforced() {
        int bits = 0;
        for (StandstillLock lock = held; lock != null; lock = lock.below) {
            bits |= lock.bit;
        }
        return bits;
    }

    static void raise() {
        int bits = enforced();
        for (ObservedStay stay = ObservedStays.stays; stay != null; stay = stay.next) {
            bits |= stay.lock.bit;
        }
        raised = bits;
    }

    /** Makes up for exits for which there was no stack, and for those of an owner for whom nobody stops any more. */
    static void makeUp() {
        boolean counts = false;
        for (StandstillLock lock = held; lock != null; lock = lock.below) {
            counts |= !lock.hook.passes();
        }
        while (held != null && !counts) {
            lower(held, 0);
        }
        StandstillLock lock = held;
        while (lock != null) {
            StandstillLock next = lock.below;
            if (lock.hold.postponed != 0) {
                lower(lock, lock.hold.postponed - 1);
            }
            lock = next;
        }
        for (ObservedStay stay = ObservedStays.stays; stay != null; stay = stay.next) {
            if (stay.postponed != 0) {
                ObservedStays.lower(stay, stay.postponed - 1);
            }
        }
    }

    /** Has those that stand look whether they may go on. Should it fail, they look by themselves at the end of their slice. */
    static void wake() {
        Thread[] threads = waiting();
        for (Thread thread : threads) {
            LockSupport.unpark(thread);
        }
    }

    private static Thread[] waiting() {
        LATCH.shut();
        try {
            int count = 0;
            for (Wait wait = PollGate.PARKED.first(); wait != null; wait = wait.behind) {
                count++;
            }
            Wait first = EntryQueue.ENTERING.first();
            Thread[] threads = new Thread[first == null ? count : count + 1];
            int at = 0;
            if (first != null) {
                threads[at++] = first.thread();
            }
            for (Wait wait = PollGate.PARKED.first(); wait != null; wait = wait.behind) {
                threads[at++] = wait.thread();
            }
            return threads;
        } finally {
            LATCH.open();
        }
    }

    static int freeDead() {
        LATCH.shut();
        try {
            for (ObservedStay stay = ObservedStays.stays; stay != null; stay = stay.next) {
                if (!stay.thread.isAlive()) {
                    ObservedStays.unlink(stay);
                    raise();
                }
            }
            makeUp();
            if (owner == null || owner.isAlive()) {
                return 0;
            }
            while (held != null) {
                lower(held, 0);
            }
        } finally {
            LATCH.open();
        }
        wake();
        return 1;
    }

    static boolean freeLost(StandstillLock lock, Thread thread) {
        LATCH.shut();
        try {
            if (owner != thread || lock.hold.depth == 0) {
                return false;
            }
            lower(lock, 0);
        } finally {
            LATCH.open();
        }
        wake();
        return true;
    }

    static int tokensOut(StandstillLock lock, RegionHook hook) {
        LATCH.shut();
        try {
            int count = EntryQueue.ENTERING.countOf(hook) + (lock.hold.depth > 0 && lock.hook == hook ? 1 : 0);
            for (ObservedStay stay = ObservedStays.stays; stay != null; stay = stay.next) {
                count += stay.hook() == hook ? 1 : 0;
            }
            return count;
        } finally {
            LATCH.open();
        }
    }
}
