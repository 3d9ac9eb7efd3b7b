package dev.loom.bootstrap.wait;

import dev.loom.bootstrap.Faults;

/**
 * A spin lock for sections of a few instructions that neither block nor call out. It needs no linkage, and what it does itself is out of
 * reach for other agents ({@link Raw}); a virtual thread that waits for it keeps its carrier, as its holder does.
 *
 * <p>On a thread of the application it is shut and opened in one method with ReservedStackAccess: the call that opens it needs more
 * stack than the one that shut it, and a latch that stays shut holds up every thread that comes after. So such methods look alike: one
 * method that took the section as a lambda would link it when it first runs, maybe where the stack ends.
 */
public class SpinLatch {

    /** Looks before the processor is given away; one looks for nothing if the holder cannot run meanwhile. */
    private static final int SPINS = Runtime.getRuntime().availableProcessors() > 1 ? 1_000 : 1;
    /** Times the processor is given away before sleeping, for a holder of lower priority. */
    private static final int YIELDS = 50;
    /** Length of a sleep, ns. */
    private static final long SLEEP = 20_000;

    protected static final int OPEN = 0;
    protected static final int SHUT = 1;

    /** {@link #OPEN} or {@link #SHUT}; a subclass may know ways of being open of its own. */
    protected volatile int state;

    public final void shut() {
        if (!Raw.change(this, OPEN, SHUT)) {
            shutSlowly();
        }
    }

    public final void open() {
        Raw.set(this, OPEN);
    }

    /** Changes the state, if it is the one expected. */
    protected final boolean change(int from, int to) {
        return Raw.change(this, from, to);
    }

    /** Opens it in another way. */
    protected final void open(int way) {
        Raw.set(this, way);
    }

    /** Shuts it if it is open in whatever way. */
    protected boolean tryShut() {
        return state == OPEN && Raw.change(this, OPEN, SHUT);
    }

    private void shutSlowly() {
        boolean permit = false;
        for (int tries = 0; !tryShut(); tries++) {
            if (tries < SPINS) {
                continue;
            }
            permit |= tries < SPINS + YIELDS ? Raw.yield() : Raw.sleep(SLEEP);
        }
        if (permit) {
            try {
                // the sleep may have eaten a permit that the application had been given
                Raw.giveBackPermit();
            } catch (Throwable t) {
                // the stack ends here: the latch is shut all the same, and whoever shut it has to know
                Faults.stackEnds++;
            }
        }
    }
}
