package dev.loom.bootstrap;

import jdk.internal.vm.annotation.DontInline;
import jdk.internal.vm.annotation.ForceInline;
import jdk.internal.vm.annotation.ReservedStackAccess;

/**
 * What the call sites of regions with keys, or with shared sides, are linked to, each called with the constants of its site; and what all
 * regions do that are only observed, or whose filter is being replaced. See {@link Hooks} for the end of the stack.
 */
final class KeyedHooks {

    private KeyedHooks() {}

    @ForceInline
    static Hold enterUnkeyed(Hold hold, KeyedHook hook, KeyedLock lock) {
        return enter(hold, hook, lock, KeyKind.NONE, 0, null);
    }

    static Hold enterReference(Hold hold, Object key, KeyedHook hook, KeyedLock lock) {
        int kind = KeyKind.of(key);
        return enter(hold, hook, lock, kind, KeyKind.bits(kind, key), KeyKind.reference(kind, key));
    }

    @ForceInline
    static Hold enterIntegral(Hold hold, long key, KeyedHook hook, KeyedLock lock) {
        return enter(hold, hook, lock, KeyKind.INTEGRAL, key, null);
    }

    @ForceInline
    static Hold enterFloating(Hold hold, double key, KeyedHook hook, KeyedLock lock) {
        return enter(hold, hook, lock, KeyKind.FLOATING, KeyKind.bits(key), null);
    }

    @ForceInline
    static Hold enterCharacter(Hold hold, char key, KeyedHook hook, KeyedLock lock) {
        return enter(hold, hook, lock, KeyKind.CHARACTER, key, null);
    }

    @ForceInline
    static Hold enterBoolean(Hold hold, boolean key, KeyedHook hook, KeyedLock lock) {
        return enter(hold, hook, lock, KeyKind.BOOLEAN, KeyKind.bits(key), null);
    }

    private static Hold enter(Hold hold, KeyedHook hook, KeyedLock lock, int kind, long bits, Object reference) {
        if (hold != null) {
            return hold;
        }
        int gear = hook.gear;
        if (gear == RegionHook.PASS) {
            return null;
        }
        Thread me = Thread.currentThread();
        KeyStripe stripe = null;
        int hash = 0;
        try {
            if (gear != RegionHook.ENFORCE) {
                return enterInOtherGear(hook, kind, bits, reference, me);
            }
            hash = KeyKind.hash(kind, bits, reference);
            stripe = lock.stripe(hash);
            return enterNow(hook, hook.cells, lock, stripe, hash, kind, bits, reference, me);
        } catch (Throwable t) {
            Error stop = null;
            try {
                stop = giveBack(stripe == null ? null : lock, stripe, hash, kind, bits, reference, me, t);
            } catch (Throwable heldBack) {
                Faults.stackEnds++;
                if (stripe != null) {
                    // not given back if there was no stack for the call: look for it without one
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
    private static Error giveBack(KeyedLock table, KeyStripe stripe, int hash, int kind, long bits, Object reference,
            Thread me, Throwable fault) {
        if (table != null) {
            table.undo(stripe, hash, kind, bits, reference, me);
        }
        return Hooks.failed(Faults.Kind.ENTER, fault);
    }

    private static Hold enterNow(RegionHook hook, StripeCounts[] cells, KeyedLock table, KeyStripe stripe, int hash,
            int kind, long bits, Object reference, Thread me) {
        Holder holder = table.enter(hook, cells, stripe, hash, kind, bits, reference, me);
        if (holder == null) {
            holder = table.enterContended(hook, cells, stripe, hash, kind, bits, reference, me);
            if (holder == null) {
                return null;
            }
        }
        if (hook.gear == RegionHook.PASS) {
            Hooks.exit(holder, holder.depth);
            return null;
        }
        holder.fresh = false;
        return holder;
    }

    @DontInline
    static Hold enterInOtherGear(RegionHook hook, int kind, long bits, Object reference, Thread me) {
        switch (hook.gear) {
            case RegionHook.OBSERVE:
                return enterCarefully(hook, hook.observerCells(), hook.observer(), kind, bits, reference, me);
            case RegionHook.ENFORCE_BOTH:
            case RegionHook.ENFORCE:
                // the second only if the gear has changed since the caller looked
                return enterBoth(hook, kind, bits, reference, me);
            default:
                return null;
        }
    }

    /** The lock that the constraint had before, and then its own. */
    private static Hold enterBoth(RegionHook hook, int kind, long bits, Object reference, Thread me) {
        PairHold pair = new PairHold(hook);
        ConstraintLock first = hook.lockBefore();
        try {
            if (first != null) {
                pair.before(enterAny(first, hook, null, kind, bits, reference, me));
            }
            pair.now = enterAny(hook.lock(), hook, hook.cells(), kind, bits, reference, me);
        } catch (Throwable t) {
            pair.exit(0);
            throw t;
        }
        if (hook.gear == RegionHook.PASS) {
            // turned off during the wait for the second
            pair.exit(0);
            return null;
        }
        return pair.now == null && pair.before == null ? null : pair;
    }

    private static Hold enterAny(
            ConstraintLock lock, RegionHook hook, StripeCounts[] cells, int kind, long bits, Object reference, Thread me) {
        if (lock instanceof KeyedLock table) {
            return enterCarefully(hook, cells, table, table.keyed() ? kind : KeyKind.NONE, bits, reference, me);
        }
        ExclusiveLock exclusive = (ExclusiveLock) lock;
        ExclusiveLock.Sync sync = exclusive.sync;
        ExclusiveHold hold = new ExclusiveHold(hook, sync);
        boolean outside = sync.owner != me;
        try {
            if (!sync.enter(hook, me)) {
                return null;
            }
        } catch (Throwable t) {
            if (outside && sync.owner == me) {
                sync.depth = 0;
                sync.owner = null;
                sync.state = 0;
            }
            throw t;
        }
        if (lock == hook.lock()) {
            hook.hits++;
        }
        return hold;
    }

    private static Hold enterCarefully(
            RegionHook hook, StripeCounts[] cells, KeyedLock table, int kind, long bits, Object reference, Thread me) {
        int hash = KeyKind.hash(kind, bits, reference);
        KeyStripe stripe = table.stripe(hash);
        try {
            return enterNow(hook, cells, table, stripe, hash, kind, bits, reference, me);
        } catch (Throwable t) {
            table.undo(stripe, hash, kind, bits, reference, me);
            throw t;
        }
    }
}
