package dev.loom.bootstrap.watch;

import dev.loom.bootstrap.wait.SpinLatch;
import java.util.concurrent.atomic.AtomicReferenceArray;

/** The traps that are set now, a few at most, and the flags by which watch points learn of them. Changed under its latch, read without. */
final class Traps extends SpinLatch {

    private static final int MOST = 16;

    private final AtomicReferenceArray<Trap> set = new AtomicReferenceArray<>(MOST);
    private final byte[] flags;

    Traps(byte[] flags) {
        this.flags = flags;
    }

    void add(WatchedPlace place, boolean constructs) {
        shut();
        try {
            place.variable.add(place, constructs);
        } finally {
            open();
        }
    }

    /** Has the next thread that comes to a place looked at. */
    void arm(WatchedPlace place, long now) {
        shut();
        try {
            place.armedAt = now;
            place.armed = true;
            flags[place.index] |= Armed.SAMPLED;
        } finally {
            open();
        }
    }

    /** Takes the arrival of a thread at an armed place; false if another was faster. */
    boolean take(WatchedPlace place, long now) {
        shut();
        try {
            if (!place.armed) {
                return false;
            }
            place.armed = false;
            flags[place.index] &= ~Armed.SAMPLED;
            place.arrivals++;
            place.waitedNanos += Math.max(1, now - place.armedAt);
            return true;
        } finally {
            open();
        }
    }

    /** Counts, under the latch, what was seen of a place. */
    void count(WatchedPlace place, int pauses, int strangers, int collisions) {
        shut();
        try {
            place.pauses += pauses;
            place.strangers += strangers;
            place.collisions += collisions;
        } finally {
            open();
        }
    }

    /** Sets a trap; false if there are too many. */
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
