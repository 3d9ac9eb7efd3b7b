package dev.loom.bootstrap.lock;

import dev.loom.bootstrap.Faults;
import dev.loom.bootstrap.Hold;
import dev.loom.bootstrap.hook.HookLinker;
import dev.loom.bootstrap.hook.KeyKind;
import dev.loom.bootstrap.hook.KeyedEntry;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import jdk.internal.vm.annotation.DontInline;
import jdk.internal.vm.annotation.ForceInline;
import jdk.internal.vm.annotation.ReservedStackAccess;
import jdk.internal.vm.annotation.Stable;

/**
 * The hook of a region whose lock is a {@link KeyedLock}, and how such a region is entered. See {@link dev.loom.bootstrap.Hooks} for the end of the stack.
 */
final class KeyedHook extends ExclusionHook implements KeyedEntry {

    private static final MethodHandle UNKEYED =
            HookLinker.entry(MethodHandles.lookup(), "enterUnkeyed", KeyedHook.class, KeyedLock.class);

    /** Its numbers, stripe by stripe. */
    final StripeCounts[] cells;

    @Stable
    private final KeyedLock lock;

    /** Whether its entries may be {@link ThinHold thin}. */
    @Stable
    private final boolean thin;

    KeyedHook(int id, KeyedLock lock, int side, boolean shared) {
        super(id, lock, side, shared);
        this.lock = lock;
        this.thin = !lock.counting;
        cells = lock.newCounts();
    }

    @Override
    protected MethodHandle plainEntry() {
        return lock.keyed() ? null : MethodHandles.insertArguments(UNKEYED, 1, this, lock);
    }

    @Override
    protected KeyedEntry keyedEntry() {
        return this;
    }

    @Override
    protected long moreHits() {
        lock.count();
        return StripeCounts.hits(cells) + super.moreHits();
    }

    @ForceInline
    private static Hold enterUnkeyed(Hold hold, KeyedHook hook, KeyedLock lock) {
        return enter(hold, hook, lock, KeyKind.NONE, 0, null);
    }

    @Override
    @ForceInline
    public Hold enter(Hold hold, int kind, long bits, Object reference) {
        return enter(hold, this, lock, kind, bits, reference);
    }

    private static Hold enter(Hold hold, KeyedHook hook, KeyedLock lock, int kind, long bits, Object reference) {
        // long: what is to be done where the stack ends is written out, for there is no stack for a call
        if (hold != null) {
            return hold;
        }
        int gear = hook.gear;
        if (gear == PASS) {
            return null;
        }
        Thread me = Thread.currentThread();
        KeyStripe stripe = null;
        int hash = 0;
        long entered = 0;
        try {
            if (gear != ENFORCE) {
                return StripedEntry.observe(hook, kind, bits, reference, me);
            }
            hash = KeyKind.hash(kind, bits, reference);
            stripe = lock.stripe(hash);
            entered = stripe.entered;
            if (hook.thin) {
                ThinHold thin = stripe.enter(hook, kind, bits, reference, me);
                if (thin != null) {
                    if (hook.gear != PASS) {
                        return thin;
                    }
                    thin.exit(1);
                    return null;
                }
            }
            return StripedEntry.enter(hook, hook.cells, lock, stripe, hash, kind, bits, reference, me);
        } catch (Throwable t) {
            // written out: see Hooks
            Error stop = null;
            try {
                stop = giveBack(stripe == null ? null : lock, stripe, entered, hash, kind, bits, reference, me, t);
            } catch (Throwable heldBack) {
                Faults.stackEnds++;
                if (stripe != null) {
                    // not given back if there was no stack for the call: look for it without one
                    if (stripe.entered != entered && (stripe.owner == me || stripe.home.solo.thin && stripe.home.solo.thread == me)) {
                        stripe.thin.postponed = 1;
                    }
                    for (KeyOccupants entry = stripe.home; entry != null; entry = entry == stripe.home ? stripe.others : entry.next) {
                        if (entry.solo.thread == me && entry.solo.fresh) {
                            entry.solo.postponed = entry.solo.depth;
                        }
                        Holder[] others = entry.table;
                        for (int i = 0; others != null && i < others.length; i++) {
                            for (Holder holder = others[i]; holder != null; holder = holder.next) {
                                if (holder.thread == me && holder.fresh) {
                                    holder.postponed = holder.depth;
                                }
                            }
                        }
                    }
                }
            }
            if (stop != null) {
                throw stop;
            }
            return null;
        }
    }

    @DontInline
    @ReservedStackAccess
    private static Error giveBack(KeyedLock table, KeyStripe stripe, long entered, int hash, int kind, long bits, Object reference,
            Thread me, Throwable fault) {
        if (table != null) {
            if (stripe.entered != entered) {
                // what it has thinly now it has by this entry: had it had it before, nobody could have come inside thinly since
                table.release(stripe.thin, false);
            }
            table.undo(stripe, hash, kind, bits, reference, me);
        }
        return Faults.failed(Faults.Kind.ENTER, fault);
    }
}
