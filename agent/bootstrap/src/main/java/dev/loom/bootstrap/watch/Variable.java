package dev.loom.bootstrap.watch;

import java.util.Arrays;

/** What several places use: one field of whatever object, or the methods of types whose objects may be the same. */
final class Variable {

    /** Guarded by the latch of {@link Traps}. */
    private WatchedPlace[] places = new WatchedPlace[4];
    private int count;
    private volatile boolean changed;
    /** Identity hash of the thread that was seen first; 0 for none. Of two that look alike one is taken for the other, until a third comes. */
    private volatile int firstThread;
    private volatile boolean shared;

    void add(WatchedPlace place, boolean constructs) {
        if (count == places.length) {
            places = Arrays.copyOf(places, count * 2);
        }
        places[count++] = place;
        changed |= place.writes && !constructs;
    }

    void usedBy(Thread thread) {
        int hash = System.identityHashCode(thread);
        if (firstThread == 0) {
            firstThread = hash;
        } else if (firstThread != hash) {
            shared = true;
        }
    }

    boolean isShared() {
        return shared;
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
}
