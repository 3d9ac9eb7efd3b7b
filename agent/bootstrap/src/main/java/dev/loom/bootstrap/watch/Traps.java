package dev.loom.bootstrap.watch;

import dev.loom.bootstrap.wait.SpinLatch;
import java.util.concurrent.atomic.AtomicReferenceArray;
import jdk.internal.vm.annotation.DontInline;
import jdk.internal.vm.annotation.ReservedStackAccess;

/**
 * The traps that are set now, and the flags by which watch points learn of them. Changed under its latch, read without. Whoever shuts the latch
 * has the stack to open it again: see {@code dev.loom.bootstrap.Hooks}.
 */
final class Traps extends SpinLatch {

    /** Of all threads; each may be woken late, and no more than so many at once are to go beyond the budget. */
    private static final int MOST = 3;
    /** Arrivals for which a place is armed: threads that come one after the other show that they share something. */
    private static final int LOOKS = 8;

    private final AtomicReferenceArray<Trap> set = new AtomicReferenceArray<>(MOST);
    private final byte[] flags;

    Traps(byte[] flags) {
        this.flags = flags;
    }

    @DontInline
    @ReservedStackAccess
    void add(WatchedPlace place) {
        shut();
        try {
            place.variable.add(place);
        } finally {
            open();
        }
    }

    /** Has the next threads that come to a place looked at, and to some others of the same variable. */
    @DontInline
    @ReservedStackAccess
    void arm(WatchedPlace place, long now) {
        shut();
        try {
            armOne(place, now);
            int armed = 1;
            for (WatchedPlace other = place.variable.another(armed); other != null; other = place.variable.another(armed)) {
                armOne(other, now);
                armed++;
            }
        } finally {
            open();
        }
    }

    private void armOne(WatchedPlace place, long now) {
        if (place.left == 0) {
            place.armedAt = now;
            flags[place.index] |= Armed.SAMPLED;
        }
        place.left = LOOKS;
    }

    /** Takes the arrival of a thread at an armed place; false if others were faster. */
    @DontInline
    @ReservedStackAccess
    boolean take(WatchedPlace place, long now) {
        shut();
        try {
            int left = place.left;
            if (left == 0) {
                return false;
            }
            if (left == LOOKS) {
                place.waits++;
                place.waitedNanos += Math.max(1, now - place.armedAt);
            }
            place.left = left - 1;
            if (left == 1) {
                flags[place.index] &= ~Armed.SAMPLED;
            }
            place.arrivals++;
            return true;
        } finally {
            open();
        }
    }

    /** Counts, under the latch, what was seen of a place. */
    @DontInline
    @ReservedStackAccess
    void count(WatchedPlace place, int pauses, int nears, int collisions) {
        shut();
        try {
            place.pauses += pauses;
            place.nears += nears;
            place.collisions += collisions;
        } finally {
            open();
        }
    }

    /** Sets a trap; false if there are too many. */
    @DontInline
    @ReservedStackAccess
    boolean set(Trap trap) {
        shut();
        try {
            for (int i = 0; i < MOST; i++) {
                if (set.get(i) == null) {
                    set.set(i, trap);
                    trap.place.variable.mark(flags, trap, true);
                    return true;
                }
            }
            return false;
        } finally {
            open();
        }
    }

    @DontInline
    @ReservedStackAccess
    void remove(Trap trap) {
        shut();
        try {
            trap.place.variable.mark(flags, trap, false);
            for (int i = 0; i < MOST; i++) {
                Trap other = set.get(i);
                if (other == trap) {
                    set.set(i, null);
                } else if (other != null && other.place.variable == trap.place.variable) {
                    other.place.variable.mark(flags, other, true);
                }
            }
        } finally {
            open();
        }
    }

    /** The trap of another thread that this one collides with; null if there is none. */
    Trap find(Object object, WatchedPlace place, Thread me) {
        for (int i = 0; i < MOST; i++) {
            Trap trap = set.get(i);
            if (trap != null && trap.object == object && trap.thread != me && trap.place.conflicts(place)) {
                return trap;
            }
        }
        return null;
    }
}
