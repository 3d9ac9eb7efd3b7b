package dev.loom.bootstrap;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * A spin lock for sections of a few instructions that neither block nor call out. It never pins a virtual thread, and needs no
 * linkage: the JDK's atomic is a plain call also in interpreted code, which a VarHandle is not.
 *
 * <p>On a thread of the application it is shut and opened in one method with ReservedStackAccess: the call that opens it needs more
 * stack than the one that shut it, and a latch that stays shut holds up every thread that comes after.
 */
class Latch extends AtomicInteger {

    /** Tries before the processor is given away; one tries for nothing if the holder cannot run meanwhile. */
    private static final int SPINS = Runtime.getRuntime().availableProcessors() > 1 ? 100 : 1;
    /** Times the processor is given away before sleeping, for a holder of lower priority. */
    private static final int YIELDS = 50;
    /** Length of a sleep, ns. */
    private static final long SLEEP = 20_000;

    final void shut() {
        if (!compareAndSet(0, 1)) {
            shutSlowly();
        }
    }

    final void open() {
        setRelease(0);
    }

    private void shutSlowly() {
        boolean parked = false;
        for (int tries = 0; get() != 0 || !compareAndSet(0, 1); tries++) {
            if (tries < SPINS) {
                Thread.onSpinWait();
            } else if (tries < SPINS + YIELDS) {
                Thread.yield();
            } else {
                LockSupport.parkNanos(SLEEP);
                parked = true;
            }
        }
        if (parked) {
            try {
                // the sleep may have eaten a permit that the application had been given
                LockSupport.unpark(Thread.currentThread());
            } catch (Throwable t) {
                // the stack ends here: the latch is shut all the same, and whoever shut it has to know
                Faults.stackEnds++;
            }
        }
    }
}
