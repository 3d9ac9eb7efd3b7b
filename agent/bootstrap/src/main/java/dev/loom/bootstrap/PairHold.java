package dev.loom.bootstrap;

import jdk.internal.vm.annotation.DontInline;
import jdk.internal.vm.annotation.ReservedStackAccess;

/**
 * The hold of two locks: of the constraint as it was before, taken first, and as it is. Made anew for each entry; there are few
 * of them, while a filter is being replaced.
 */
final class PairHold extends Hold {

    private final RegionHook hook;
    /** Either is null where the guard let the wait for it go on, or where it was given back. */
    Hold before;
    private int depthBefore;
    Hold now;

    PairHold(RegionHook hook) {
        this.hook = hook;
    }

    void before(Hold hold) {
        before = hold;
        depthBefore = hold == null ? 0 : hold.depth();
    }

    @Override
    public RegionHook hook() {
        return hook;
    }

    @Override
    int depth() {
        Hold main = now != null ? now : before;
        return main == null ? 0 : main.depth();
    }

    @Override
    @DontInline
    @ReservedStackAccess
    void exit(int depth) {
        Hold first = before;
        Hold second = now;
        try {
            Hooks.exit(second, depth);
        } finally {
            Hooks.exit(first, depthBefore);
        }
    }

    @Override
    @DontInline
    @ReservedStackAccess
    void exitOne(int depth) {
        Hold first = before;
        Hold second = now;
        try {
            Hooks.exitOne(second, depth);
        } finally {
            Hooks.exitOne(first, depthBefore);
        }
    }
}
