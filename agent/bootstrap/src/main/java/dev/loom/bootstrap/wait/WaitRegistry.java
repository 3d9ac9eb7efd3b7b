package dev.loom.bootstrap.wait;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import jdk.internal.vm.annotation.DontInline;
import jdk.internal.vm.annotation.ReservedStackAccess;

/**
 * The waits in the whole JVM. The deadlock guard reads it; and as a thread that is in here is inside a hook, a
 * hook that the same thread reaches from there (a JDK class that a filter weaves) knows that it has to pass.
 */
public final class WaitRegistry {

    private static final Stripe[] STRIPES = new Stripe[64];

    private static volatile Thread guard;

    static {
        for (int i = 0; i < STRIPES.length; i++) {
            STRIPES[i] = new Stripe();
        }
    }

    private WaitRegistry() {}

    /** Initializes what waits need, so that nothing has to be loaded or linked at the end of a stack. */
    public static void warmUp() {
        Raw.isOutOfReach();
        if (LoomCode.enter()) {
            LoomCode.leave();
        }
        Interleavings.warmUp();
        Interrupts.openUp();
        LockSupport.unpark(Thread.currentThread());
        LockSupport.parkNanos(WaitRegistry.class, 1);
    }

    /** Names the thread to unpark while there are long waits; null for none. */
    public static void guardedBy(Thread thread) {
        guard = thread;
        alarm();
    }

    /** The waits that have lasted so long, or longer. */
    public static List<Wait> longerThan(long nanos) {
        List<Wait> found = new ArrayList<>();
        long now = System.nanoTime();
        for (Stripe stripe : STRIPES) {
            stripe.shut();
            try {
                for (Wait wait = stripe.first; wait != null; wait = wait.nextInStripe) {
                    if (!wait.ended() && now - wait.since() >= nanos) {
                        wait.told = true;
                        found.add(wait);
                    }
                }
            } finally {
                stripe.open();
            }
        }
        return found;
    }

    /** The waits of a listener, those too that have ended and are about to be counted. */
    public static List<Wait> of(WaitListener listener) {
        List<Wait> found = new ArrayList<>();
        for (Stripe stripe : STRIPES) {
            if (stripe.first == null) {
                continue;
            }
            stripe.shut();
            try {
                for (Wait wait = stripe.first; wait != null; wait = wait.nextInStripe) {
                    if (wait.listener() == listener) {
                        wait.told = true;
                        found.add(wait);
                    }
                }
            } finally {
                stripe.open();
            }
        }
        return found;
    }

    /**
     * Registers a wait. False if its thread is in a hook already, or in {@link LoomCode Loom's code}: it is not to wait then. To be
     * followed by {@link Wait#conclude}, also if this throws: it may have registered the wait by then.
     */
    @DontInline
    @ReservedStackAccess
    public static boolean begin(Wait wait) {
        Thread me = wait.thread();
        if (LoomCode.isInside(me)) {
            return false;
        }
        Stripe stripe = stripeOf(me);
        stripe.shut();
        try {
            for (Wait other = stripe.first; other != null; other = other.nextInStripe) {
                if (other.thread() == me && !other.ended()) {
                    return false;
                }
            }
            wait.nextInStripe = stripe.first;
            stripe.first = wait;
        } finally {
            stripe.open();
        }
        return true;
    }

    /** Takes a wait out that has {@link Wait#ended ended}, and others that could not do so themselves. */
    @DontInline
    @ReservedStackAccess
    static void end(Wait wait) {
        Stripe stripe = stripeOf(wait.thread());
        stripe.shut();
        try {
            Wait previous = null;
            for (Wait other = stripe.first; other != null; other = other.nextInStripe) {
                if (!other.ended()) {
                    previous = other;
                } else if (previous == null) {
                    stripe.first = other.nextInStripe;
                } else {
                    previous.nextInStripe = other.nextInStripe;
                }
            }
        } finally {
            stripe.open();
        }
    }

    /** Whether a thread waits. */
    @DontInline
    @ReservedStackAccess
    static boolean isWaiting(Thread thread) {
        Stripe stripe = stripeOf(thread);
        stripe.shut();
        try {
            for (Wait wait = stripe.first; wait != null; wait = wait.nextInStripe) {
                if (wait.thread() == thread && !wait.ended()) {
                    return true;
                }
            }
            return false;
        } finally {
            stripe.open();
        }
    }

    /** Has the waits of a listener look whether they are to pass; all waits for null. */
    public static void wake(WaitListener listener) {
        for (Wait wait : longerThan(0)) {
            if (listener == null || wait.listener() == listener) {
                LockSupport.unpark(wait.thread());
            }
        }
    }

    /** Tells the guard that there is a long wait. */
    static void alarm() {
        Thread thread = guard;
        if (thread != null) {
            LockSupport.unpark(thread);
        }
    }

    private static Stripe stripeOf(Thread thread) {
        return STRIPES[System.identityHashCode(thread) & STRIPES.length - 1];
    }

    private static final class Stripe extends SpinLatch {
        /** Written under the latch. */
        volatile Wait first;
    }
}
