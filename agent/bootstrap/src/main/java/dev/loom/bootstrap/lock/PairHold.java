package dev.loom.bootstrap.lock;

import dev.loom.bootstrap.Faults;
import dev.loom.bootstrap.Hold;
import jdk.internal.vm.annotation.DontInline;
import jdk.internal.vm.annotation.ReservedStackAccess;

/**
 * The hold of two locks: of the constraint as it was before, taken first, and as it is. Made anew for each entry; there are few
 * of them, while a filter is being replaced.
 */
final class PairHold extends Hold {

    /** Either is null where the guard let the wait for it go on, or where it was given back. */
    Hold before;
    private int depthBefore;
    Hold now;

    PairHold() {}

    void before(Hold hold) {
        before = hold;
        depthBefore = hold == null ? 0 : hold.depth();
    }

    @Override
    public int depth() {
        Hold main = now != null ? now : before;
        return main == null ? 0 : main.depth();
    }

    @Override
    @DontInline
    @ReservedStackAccess
    public void exit(int depth) {
        Hold first = before;
        Hold second = now;
        try {
            leave(second, depth, false);
        } finally {
            leave(first, depthBefore, false);
        }
    }

    @Override
    @DontInline
    @ReservedStackAccess
    public void exitOne(int depth) {
        Hold first = before;
        Hold second = now;
        try {
            leave(second, depth, true);
        } finally {
            leave(first, depthBefore, true);
        }
    }

    /** Leaves a note where there is no stack left, as {@link dev.loom.bootstrap.Hooks} does. */
    private static void leave(Hold hold, int depth, boolean one) {
        if (hold == null) {
            return;
        }
        int changes = hold.changes;
        try {
            if (one) {
                hold.exitOne(depth);
            } else {
                hold.exit(depth);
            }
        } catch (Throwable t) {
            if (hold.changes == changes) {
                hold.postponed = one || depth <= 0 ? hold.depth : depth;
            }
            Faults.stackEnds++;
        }
    }
}
