package dev.loom.bootstrap.standstill;

import dev.loom.bootstrap.hook.RegionHook;
import jdk.internal.vm.annotation.DontInline;
import jdk.internal.vm.annotation.ReservedStackAccess;

/** The stays in regions {@code r <> *} that are only observed. Guarded by the latch of {@link Ownership}. */
final class ObservedStays {

    /** The newest; each names the next. */
    static ObservedStay stays;

    private ObservedStays() {}

    /** Enters a region that is only observed. */
    @DontInline
    @ReservedStackAccess
    static ObservedStay observe(StandstillLock lock, RegionHook hook, Thread me) {
        // before anything changes
        ObservedStay fresh = new ObservedStay(hook, lock, me);
        Ownership.LATCH.shut();
        try {
            Ownership.makeUp();
            hook.hits++;
            ObservedStay stay = stays;
            while (stay != null && !(stay.thread == me && stay.lock == lock)) {
                stay = stay.next;
            }
            if (stay == null) {
                stay = fresh;
                stay.next = stays;
                stays = stay;
            }
            stay.depth++;
            stay.fresh = true;
            Ownership.raised |= lock.bit;
            return stay;
        } finally {
            Ownership.LATCH.open();
        }
    }

    @DontInline
    @ReservedStackAccess
    static void leave(ObservedStay stay, int left) {
        Ownership.LATCH.shut();
        try {
            if (stay.thread == Thread.currentThread() && stay.depth > 0) {
                lower(stay, left);
            }
        } finally {
            Ownership.LATCH.open();
        }
    }

    /** Gives a level back that the thread acquired in a hook that then failed. */
    @DontInline
    @ReservedStackAccess
    static void undoObserved(Thread me) {
        Ownership.LATCH.shut();
        try {
            for (ObservedStay stay = stays; stay != null; stay = stay.next) {
                if (stay.thread == me && stay.fresh) {
                    lower(stay, stay.depth - 1);
                }
            }
        } finally {
            Ownership.LATCH.open();
        }
    }

    static void lower(ObservedStay stay, int left) {
        stay.changes++;
        stay.postponed = 0;
        stay.fresh = false;
        stay.depth = Math.max(0, Math.min(stay.depth, left));
        if (stay.depth == 0) {
            unlink(stay);
            Ownership.raise();
        }
    }

    static void unlink(ObservedStay gone) {
        ObservedStay before = null;
        for (ObservedStay stay = stays; stay != null; stay = stay.next) {
            if (stay == gone) {
                if (before == null) {
                    stays = stay.next;
                } else {
                    before.next = stay.next;
                }
                return;
            }
            before = stay;
        }
    }
}
