package dev.loom.bootstrap.watch;

import java.util.concurrent.atomic.AtomicReferenceArray;
import jdk.internal.vm.annotation.DontInline;
import jdk.internal.vm.annotation.ReservedStackAccess;

/** The threads that are followed now, changed under the latch of {@link Traps}, which has the flags; read without. */
final class Follows {

    private static final int MOST = 16;

    private final AtomicReferenceArray<Follow> set = new AtomicReferenceArray<>(MOST);
    private final Traps latch;
    private final byte[] flags;

    Follows(Traps latch, byte[] flags) {
        this.latch = latch;
        this.flags = flags;
    }

    /** Follows a thread; false if there are too many. */
    @DontInline
    @ReservedStackAccess
    boolean set(Follow follow) {
        latch.shut();
        try {
            for (int i = 0; i < MOST; i++) {
                if (set.get(i) == null) {
                    set.set(i, follow);
                    follow.place.variable.mark(flags, Armed.FOLLOWED, true);
                    return true;
                }
            }
            return false;
        } finally {
            latch.open();
        }
    }

    /** Returns false if somebody else did it. */
    @DontInline
    @ReservedStackAccess
    boolean remove(Follow follow) {
        latch.shut();
        try {
            Variable variable = follow.place.variable;
            boolean isThere = false;
            boolean isFollowed = false;
            for (int i = 0; i < MOST; i++) {
                Follow other = set.get(i);
                if (other == follow) {
                    set.set(i, null);
                    isThere = true;
                } else {
                    isFollowed |= other != null && other.place.variable == variable;
                }
            }
            if (isThere && !isFollowed) {
                variable.mark(flags, Armed.FOLLOWED, false);
            }
            return isThere;
        } finally {
            latch.open();
        }
    }

    /** Whether threads that come to a place are of interest. */
    boolean concern(WatchedPlace place) {
        return (flags[place.index] & Armed.FOLLOWED) != 0;
    }

    static int most() {
        return MOST;
    }

    /** Null if there is none. */
    Follow at(int index) {
        return set.get(index);
    }
}
