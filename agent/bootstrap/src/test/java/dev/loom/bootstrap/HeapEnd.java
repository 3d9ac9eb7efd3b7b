package dev.loom.bootstrap;

import dev.loom.bootstrap.hook.RegionHook;

/** Moves frames into a region without its lock when there is no memory at all; prints CLEAN if the hook knows of each until it leaves. */
public final class HeapEnd {

    private static final int FRAMES = 3;

    /** Keeps all memory taken, whatever the compiler knows of local variables. */
    private static volatile Hoard hoard;

    private HeapEnd() {}

    /** Takes memory to the last word. */
    private static final class Hoard {
        final Hoard before;
        /** As large as the hold of one frame, so that there is no room left for another. */
        long a;
        long b;

        Hoard(Hoard before) {
            this.before = before;
        }
    }

    public static void main(String[] arguments) {
        RegionHook hook = HookRegistry.create(ConstraintLocks.of("c", false, false), 0, false, RegionHook.Mode.ENFORCE);
        Hold[] holds = new Hold[FRAMES];
        // so that nothing has to be linked later: for that the JVM needs memory
        Hooks.exit(Hooks.unprotected(hook.id()), 0);
        for (int refusals = 0; refusals < 3; refusals++) {
            try {
                while (true) {
                    hoard = new Hoard(hoard);
                }
            } catch (OutOfMemoryError e) {
                // again: a collection may have found a little more
            }
        }
        boolean isFull;
        Throwable thrown = null;
        try {
            for (int i = 0; i < FRAMES; i++) {
                holds[i] = Hooks.unprotected(hook.id());
            }
        } catch (Throwable t) {
            thrown = t;
        }
        try {
            isFull = new Hoard(hoard) == null;
        } catch (OutOfMemoryError e) {
            isFull = true;
        }
        hoard = null;

        check(isFull, "the heap was not full: the test shows nothing");
        if (thrown != null) {
            thrown.printStackTrace(System.out);
        }
        check(thrown == null, "thrown into the application: " + thrown);
        for (Hold hold : holds) {
            check(hold != null, "a frame got no hold");
            check(!hook.unprotected().isEmpty(), "the hook forgot a frame before it left");
            check(hook.unprotected().get(0).thread() == Thread.currentThread(), "the thread is not known");
            Hooks.exit(hold, 0);
        }
        check(hook.unprotected().isEmpty(), "the hook still knows frames that have left");
        System.out.println("CLEAN");
    }

    private static void check(boolean holds, String otherwise) {
        if (!holds) {
            System.out.println(otherwise);
            System.exit(1);
        }
    }
}
