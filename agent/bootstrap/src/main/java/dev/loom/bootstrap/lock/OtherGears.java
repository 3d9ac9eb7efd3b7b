package dev.loom.bootstrap.lock;

import dev.loom.bootstrap.Hold;
import dev.loom.bootstrap.hook.ConstraintLock;
import dev.loom.bootstrap.hook.KeyKind;
import dev.loom.bootstrap.hook.RegionHook;
import jdk.internal.vm.annotation.DontInline;

/**
 * The ways into a region of a mutual exclusion beside the plain one of a region without a key: with a key ({@link #enterNow}), only observed, or with a
 * filter that is being replaced.
 */
final class OtherGears {

    private OtherGears() {}

    static Hold enterNow(ExclusionHook hook, StripeCounts[] cells, KeyedLock table, KeyStripe stripe, int hash,
            int kind, long bits, Object reference, Thread me) {
        Holder holder = table.enter(hook, cells, stripe, hash, kind, bits, reference, me);
        if (holder == null) {
            holder = table.enterContended(hook, cells, stripe, hash, kind, bits, reference, me);
            if (holder == null) {
                return null;
            }
        }
        if (hook.gear == RegionHook.PASS) {
            holder.exit(holder.depth);
            return null;
        }
        holder.fresh = false;
        return holder;
    }

    @DontInline
    static Hold enter(ExclusionHook hook, int kind, long bits, Object reference, Thread me) {
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
    private static Hold enterBoth(ExclusionHook hook, int kind, long bits, Object reference, Thread me) {
        PairHold pair = new PairHold();
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
            ConstraintLock lock, ExclusionHook hook, StripeCounts[] cells, int kind, long bits, Object reference, Thread me) {
        if (lock instanceof KeyedLock table) {
            return enterCarefully(hook, cells, table, table.keyed() ? kind : KeyKind.NONE, bits, reference, me);
        }
        ExclusiveLock exclusive = (ExclusiveLock) lock;
        ExclusiveLock.Sync sync = exclusive.sync;
        ExclusiveHold hold = new ExclusiveHold(sync);
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
            ExclusionHook hook, StripeCounts[] cells, KeyedLock table, int kind, long bits, Object reference, Thread me) {
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
