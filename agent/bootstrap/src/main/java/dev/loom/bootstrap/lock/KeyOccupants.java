package dev.loom.bootstrap.lock;

import dev.loom.bootstrap.hook.KeyKind;
import dev.loom.bootstrap.hook.LockWait;
import dev.loom.bootstrap.hook.RegionHook;
import dev.loom.bootstrap.wait.Wait;
import dev.loom.bootstrap.wait.WaitQueue;
import dev.loom.bootstrap.wait.WaitTarget;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.AbstractOwnableSynchronizer;

/**
 * Who is inside the regions of a constraint, for one key; the only one of a constraint without keys. Guarded by the latch of
 * its stripe. In a lock that only counts nobody is kept out, and {@link #enter} tells of overlaps instead.
 *
 * <p>A thread that is inside is found again by its identity in a small table, so that any nesting of regions of one constraint
 * and key passes: on the side that it is on already, past waits of others; into any side, when no one else is inside.
 *
 * <p>It names its exclusive owner to the JVM, whose deadlock detector then sees it.
 */
final class KeyOccupants extends AbstractOwnableSynchronizer implements WaitTarget {

    /** Slots of a table when it is made; a power of two. */
    private static final int FIRST_TABLE = 4;
    /** Holders for each slot of the table before it grows. */
    private static final int LOAD = 2;
    /** Length to which a table may have grown and still be kept for the next key. */
    private static final int KEPT_TABLE = 16;

    private final transient KeyStripe stripe;

    /** How {@link #bits} and {@link #reference} are to be read: one of the constants of {@link KeyKind}. */
    int kind = KeyKind.FREE;

    long bits;
    transient Object reference;
    int hash;
    /** Neighbour in the stripe, or in its list of spare ones. */
    transient KeyOccupants next;

    final transient WaitQueue queue = new WaitQueue();
    /** For one thread, whichever finds it free; the others are in the table. So one thread alone writes few references. */
    final transient Holder solo;
    /** By identity of the thread; null until it is needed. */
    transient Holder[] table;
    /** Threads inside. */
    private int holders;
    /** Of these, threads in the table. */
    private int inTable;
    /** Of these, threads on one shared side only, by side; null where no side is shared. */
    private final int[] sharing;

    KeyOccupants(KeyStripe stripe) {
        this.stripe = stripe;
        this.solo = new Holder(stripe);
        this.sharing = stripe.lock.sides == 0 ? null : new int[stripe.lock.sides];
        solo.entry = this;
    }

    /** Makes room for some threads at once, for an entry that is used all the time. */
    void prepare() {
        table = new Holder[KEPT_TABLE];
    }

    /** Whether no one is inside or waits. */
    boolean isIdle() {
        return holders == 0 && queue.isEmpty();
    }

    /** Forgets the key, and a table that was grown. */
    void recycle() {
        kind = KeyKind.FREE;
        if (reference != null) {
            reference = null;
        }
        if (table != null && table.length > KEPT_TABLE) {
            table = null;
        }
    }

    /**
     * Lets the thread in, if it may go in now.
     *
     * @param wait its place in the queue, or null
     * @param overdue it need not stand back for one ahead of it that does not come
     * @return null if it has to wait
     */
    Holder enter(RegionHook hook, Thread me, KeyedWait wait, boolean overdue, StripeCounts cell) {
        Holder mine = holders == 0 ? null : find(me);
        if (mine != null && (mine.fresh || postponed(mine) != 0)) {
            lower(mine, (postponed(mine) != 0 ? postponed(mine) : mine.depth) - 1);
            mine = find(me);
        }
        if (mine != null && (mine.exclusiveFrom != 0 || hook.shared() && hook.side() == mine.side)) {
            mine.depth++;
        } else if (stripe.lock.counting) {
            boolean meets = conflicts(hook, mine);
            mine = claim(mine, hook, me);
            if (meets) {
                cell.overlaps++;
                mine.meets();
            }
        } else if (holders != 0 && conflicts(hook, mine) && !madeUp(hook, me) || mine == null && standsBack(wait, overdue)) {
            return null;
        } else {
            mine = claim(mine, hook, me);
        }
        if (wait == null) {
            mine.fresh = true;
        } else {
            wait.acquired = mine;
        }
        if (cell != null) {
            cell.hits++;
        }
        return mine;
    }

    /** Makes up for exits of others that were postponed. Whether there is no conflict any more. */
    private boolean madeUp(RegionHook hook, Thread me) {
        boolean any = solo.thread != null && postponed(solo) != 0;
        if (inTable > 0) {
            for (Holder first : table) {
                for (Holder holder = first; holder != null; holder = holder.next) {
                    any |= holder.postponed != 0;
                }
            }
        }
        if (!any) {
            return false;
        }
        for (Holder holder : all()) {
            if (postponed(holder) != 0) {
                lower(holder, postponed(holder) - 1);
            }
        }
        return !conflicts(hook, find(me));
    }

    /** The depth to which an exit was postponed; of several the outermost, which stands for all. */
    private int postponed(Holder holder) {
        return holder.thin && stripe.thin.postponed != 0 ? stripe.thin.postponed : holder.postponed;
    }

    /** Puts a thread in that has a thin hold. */
    void takeOver(RegionHook hook, Thread owner) {
        claim(null, hook, owner).thin = true;
    }

    private boolean standsBack(Wait wait, boolean overdue) {
        Wait first = queue.first();
        return first != null && first != wait && first.starving && !(overdue && holders == 0);
    }

    /** Whether another thread is inside that is not to be there together with one of the hook's side. */
    private boolean conflicts(RegionHook hook, Holder mine) {
        int others = mine == null ? holders : holders - 1;
        if (others == 0 || !hook.shared()) {
            return others != 0;
        }
        int side = hook.side();
        int companions = sharing[side];
        if (mine != null && mine.exclusiveFrom == 0 && mine.side == side) {
            companions--;
        }
        return others > companions;
    }

    /** Puts the thread in, or one level deeper in and exclusively. */
    private Holder claim(Holder mine, RegionHook hook, Thread me) {
        if (mine != null) {
            sharing[mine.side]--;
            mine.exclusiveFrom = ++mine.depth;
            nameOwner(me);
            return mine;
        }
        Holder holder = solo;
        if (holder.thread != null) {
            holder = oneMore(me);
        }
        holders++;
        holder.thread = me;
        if (holder.hook != hook) {
            holder.hook = hook;
        }
        holder.depth = 1;
        holder.side = hook.side();
        if (hook.shared()) {
            holder.exclusiveFrom = 0;
            sharing[holder.side]++;
        } else {
            holder.exclusiveFrom = 1;
            nameOwner(me);
        }
        return holder;
    }

    /** Tells the JVM who owns it, if someone waits: only then its deadlock detector asks. */
    private void nameOwner(Thread thread) {
        if (!queue.isEmpty()) {
            setExclusiveOwnerThread(thread);
        }
    }

    /** To be called when someone has begun to wait. */
    void nameOwner() {
        if (solo.thread != null && solo.exclusiveFrom != 0) {
            setExclusiveOwnerThread(solo.thread);
        }
    }

    /** Lowers a holder to that many levels, 0 to take it out. */
    void lower(Holder holder, int left) {
        holder.fresh = false;
        holder.changes++;
        holder.postponed = 0;
        if (holder.thin) {
            stripe.thin.postponed = 0;
            holder.thin = left > 0;
        }
        boolean wasExclusive = holder.exclusiveFrom != 0;
        if (left > 0) {
            holder.depth = left;
            if (holder.exclusiveFrom <= left) {
                return;
            }
            holder.exclusiveFrom = 0;
            sharing[holder.side]++;
        } else {
            if (!wasExclusive) {
                sharing[holder.side]--;
            }
            holders--;
            if (holder == solo) {
                holder.thread = null;
                holder.depth = 0;
            } else {
                takeOut(holder);
            }
        }
        if (wasExclusive && getExclusiveOwnerThread() != null) {
            setExclusiveOwnerThread(null);
        }
    }

    /** Takes one level out: what lies above moves down, and keeps others out if it may have done so before. */
    void takeOut(Holder holder, int level) {
        int left = holder.depth - 1;
        if (level > 0 && level < holder.exclusiveFrom) {
            holder.changes++;
            holder.depth = left;
            holder.exclusiveFrom--;
        } else if (level > 0 && level == holder.exclusiveFrom && left >= level) {
            // the level above takes its place
            holder.changes++;
            holder.depth = left;
        } else {
            lower(holder, left);
        }
    }

    KeyStripe stripe() {
        return stripe;
    }

    Holder find(Thread thread) {
        if (solo.thread == thread) {
            return solo;
        }
        return inTable == 0 ? null : findInTable(thread);
    }

    private Holder findInTable(Thread thread) {
        for (Holder holder = table[slotOf(thread)]; holder != null; holder = holder.next) {
            if (holder.thread == thread) {
                return holder;
            }
        }
        return null;
    }

    private int slotOf(Thread thread) {
        return System.identityHashCode(thread) & table.length - 1;
    }

    /** A holder in the table, for the caller to fill in. If it fails nothing has changed. */
    private Holder oneMore(Thread thread) {
        if (table == null) {
            table = new Holder[FIRST_TABLE];
        } else if (inTable >= table.length * LOAD) {
            grow();
        }
        Holder holder = stripe.takeHolder();
        int slot = slotOf(thread);
        holder.entry = this;
        holder.next = table[slot];
        table[slot] = holder;
        inTable++;
        return holder;
    }

    private void grow() {
        Holder[] old = table;
        table = new Holder[old.length * 4];
        for (Holder first : old) {
            for (Holder holder = first; holder != null; ) {
                Holder following = holder.next;
                int slot = slotOf(holder.thread);
                holder.next = table[slot];
                table[slot] = holder;
                holder = following;
            }
        }
    }

    private void takeOut(Holder holder) {
        int slot = slotOf(holder.thread);
        Holder previous = null;
        for (Holder other = table[slot]; other != holder; other = other.next) {
            previous = other;
        }
        if (previous == null) {
            table[slot] = holder.next;
        } else {
            previous.next = holder.next;
        }
        inTable--;
        stripe.giveHolder(holder);
    }

    /** All holders in use. */
    private List<Holder> all() {
        List<Holder> all = new ArrayList<>(holders);
        if (solo.thread != null) {
            all.add(solo);
        }
        if (inTable > 0) {
            for (Holder first : table) {
                for (Holder holder = first; holder != null; holder = holder.next) {
                    all.add(holder);
                }
            }
        }
        return all;
    }

    /** The first wait, if it can go in now and does not know yet; to be woken when the latch is open. */
    Wait signalFirst() {
        LockWait first = (LockWait) queue.firstToWake();
        if (first == null || conflicts(first.hook(), holders == 0 ? null : find(first.thread()))) {
            return null;
        }
        first.signalled = true;
        return first;
    }

    @Override
    public boolean tryQueued(Wait wait, boolean overdue) {
        return stripe.lock.tryQueued(this, (KeyedWait) wait, overdue);
    }

    @Override
    public void leave(Wait wait) {
        stripe.lock.leave(this, wait);
    }

    @Override
    public void addBlockers(Wait wait, List<Thread> threads) {
        stripe.shut();
        try {
            if (!wait.queued) {
                return;
            }
            RegionHook hook = ((LockWait) wait).hook();
            Holder mine = find(wait.thread());
            if (conflicts(hook, mine)) {
                for (Holder holder : all()) {
                    boolean companion = hook.shared() && holder.exclusiveFrom == 0 && holder.side == hook.side();
                    if (holder != mine && !companion) {
                        threads.add(holder.thread);
                    }
                }
            } else {
                for (Wait other = wait.ahead; other != null; other = other.ahead) {
                    RegionHook its = ((LockWait) other).hook();
                    if (!other.ended && !(hook.shared() && its.shared() && hook.side() == its.side())) {
                        threads.add(other.thread());
                    }
                }
            }
        } finally {
            stripe.open();
        }
    }

    /** Adds the threads inside, each once. */
    void addHolders(List<Thread> threads) {
        for (Holder holder : all()) {
            boolean isNew = true;
            for (Thread other : threads) {
                // by identity: a thread's equals may be the application's
                isNew &= other != holder.thread;
            }
            if (isNew) {
                threads.add(holder.thread);
            }
        }
    }

    int tokensOut(RegionHook hook) {
        int count = queue.countOf(hook);
        if (holders > 0) {
            for (Holder holder : all()) {
                if (holder.hook == hook) {
                    count++;
                }
            }
        }
        return count;
    }

    /** Takes out threads that have died, and makes up for exits that were postponed. Returns how many there were. */
    int removeDead() {
        int found = 0;
        for (Holder holder : all()) {
            if (!holder.thread.isAlive()) {
                lower(holder, 0);
                found++;
            } else if (postponed(holder) != 0) {
                lower(holder, postponed(holder) - 1);
                found++;
            }
        }
        return found;
    }

    /** Takes a thread out, if it is inside. Returns 1 if it was. */
    int remove(Thread thread) {
        Holder holder = find(thread);
        if (holder == null) {
            return 0;
        }
        lower(holder, 0);
        return 1;
    }
}
