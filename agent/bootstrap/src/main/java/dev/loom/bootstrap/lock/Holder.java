package dev.loom.bootstrap.lock;

import dev.loom.bootstrap.Hold;
import dev.loom.bootstrap.hook.RegionHook;
import dev.loom.bootstrap.wait.Interleavings;
import java.util.ArrayList;
import java.util.List;

/**
 * What one thread holds of one {@link KeyOccupants}. Recycled: it is a thread's for as long as {@link #thread} says so. All fields are
 * guarded by the latch of the entry's stripe, except that the thread itself may read them, and notes in {@link #postponed}.
 */
public final class Holder extends Hold {

    final KeyStripe stripe;
    KeyOccupants entry;
    Thread thread;
    /** The hook by which the thread came in first. */
    RegionHook hook;
    /** The side that the first level is on, if it is a shared one. */
    int side;
    /** The lowest level from which on no other thread may be inside; 0 if the thread is on a shared side only. */
    int exclusiveFrom;
    /** A level was acquired and the hook has not got it yet: should the stack end on the way, it is to be given back. */
    boolean fresh;
    /** The thread has a {@link ThinHold} for it, where notes about it are to be found, too. */
    boolean thin;
    /** Whom its thread met inside, where nobody waits and somebody wants to see it; null otherwise. */
    Thread met;
    /** Neighbour in the table of the entry, or in the list of spare ones. */
    Holder next;

    Holder(KeyStripe stripe) {
        this.stripe = stripe;
    }

    /** Notes whom the thread meets, if somebody wants to see it. */
    void meets() {
        if (!Interleavings.isWanted()) {
            return;
        }
        try {
            List<Thread> inside = new ArrayList<>();
            entry.addHolders(inside);
            for (Thread one : inside) {
                met = one == thread ? met : one;
            }
        } catch (StackOverflowError | OutOfMemoryError e) {
            // it is not seen, and nothing else
        }
    }

    /** Shows whom it met, once. For its own thread, without the latch. */
    void show(RegionHook by) {
        Thread other = met;
        if (other != null) {
            met = null;
            Interleavings.overlaps(by, other);
        }
    }

    @Override
    public int depth() {
        return depth;
    }

    @Override
    public void exit(int depth) {
        if (thread == Thread.currentThread()) {
            if (stripe.lock.counting) {
                Interleavings.leavesOverlap();
            }
            stripe.lock.release(this, depth > 0 ? depth : this.depth, false);
        }
    }

    @Override
    public void exitOne(int depth) {
        if (thread == Thread.currentThread()) {
            stripe.lock.release(this, depth, true);
        }
    }
}
