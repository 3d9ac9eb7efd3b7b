package dev.loom.bootstrap.watch;

import java.util.Arrays;

/**
 * What several places use: one field of whatever object, or the methods of types whose objects may be the same. Guarded by the latch of {@link
 * Traps}.
 */
final class Variable {

    /** Places that are armed together. */
    private static final int TOGETHER = 8;

    private WatchedPlace[] places = new WatchedPlace[4];
    private int count;
    private int next;
    private volatile boolean changed;

    void add(WatchedPlace place) {
        if (count == places.length) {
            places = Arrays.copyOf(places, count * 2);
        }
        places[count++] = place;
        changed |= place.writes && !place.is(WatchedPlace.CONSTRUCTS);
    }

    /** Whether somebody other than a constructor changes it. */
    boolean isChanged() {
        return changed;
    }

    /** Marks the places that a trap at one of them concerns, or takes the marks away but for those of other traps. */
    void mark(byte[] flags, Trap trap, boolean on) {
        for (int i = 0; i < count; i++) {
            if (trap.place.conflicts(places[i])) {
                int index = places[i].index;
                flags[index] = (byte) (on ? flags[index] | Armed.TRAPPED : flags[index] & ~Armed.TRAPPED);
            }
        }
    }

    /** Marks all places, or takes the marks away. */
    void mark(byte[] flags, byte bit, boolean on) {
        for (int i = 0; i < count; i++) {
            int index = places[i].index;
            flags[index] = (byte) (on ? flags[index] | bit : flags[index] & ~bit);
        }
    }

    /** The next of its places to arm with one of them, in turn; null after a few. */
    WatchedPlace another(int already) {
        if (already >= Math.min(TOGETHER, count)) {
            return null;
        }
        next = (next + 1) % count;
        return places[next];
    }
}
