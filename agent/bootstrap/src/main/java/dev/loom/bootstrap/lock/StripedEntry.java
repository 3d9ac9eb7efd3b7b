package dev.loom.bootstrap.lock;

import dev.loom.bootstrap.Hold;
import dev.loom.bootstrap.hook.KeyKind;
import dev.loom.bootstrap.hook.RegionHook;
import jdk.internal.vm.annotation.DontInline;

/** How a thread enters a region by way of a {@link KeyedLock}: the region's own, or the one that counts overlaps where it is only observed. */
final class StripedEntry {

    private StripedEntry() {}

    static Hold enter(ExclusionHook hook, StripeCounts[] cells, KeyedLock table, KeyStripe stripe, int hash,
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

    /** Keeps no one out; counts who is inside together. */
    @DontInline
    static Hold observe(ExclusionHook hook, int kind, long bits, Object reference, Thread me) {
        KeyedLock table = hook.observer();
        int hash = KeyKind.hash(kind, bits, reference);
        KeyStripe stripe = table.stripe(hash);
        try {
            Hold hold = enter(hook, hook.observerCells(), table, stripe, hash, kind, bits, reference, me);
            if (hold instanceof Holder holder) {
                holder.show(hook);
            }
            return hold;
        } catch (Throwable t) {
            table.undo(stripe, hash, kind, bits, reference, me);
            throw t;
        }
    }
}
