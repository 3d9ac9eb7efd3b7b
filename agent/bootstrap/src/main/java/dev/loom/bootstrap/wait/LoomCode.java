package dev.loom.bootstrap.wait;

import jdk.internal.vm.annotation.DontInline;
import jdk.internal.vm.annotation.ReservedStackAccess;

/**
 * The application's threads that run Loom's code now, outside of its hooks: a class that they load is being transformed. What such a
 * thread calls may have been instrumented by another agent and come to hooks and polls: these pass, for the thread may hold locks of
 * Loom's that all others need. (A thread that waits in a hook is known by its {@link WaitRegistry wait}, and one of Loom's own by its class.)
 */
public final class LoomCode {

    /** Levels of the stack that are tried before a thread is marked, so that the mark can be taken away. */
    private static final int ROOM = 16;

    private static final Stripe[] STRIPES = new Stripe[16];

    static {
        for (int i = 0; i < STRIPES.length; i++) {
            STRIPES[i] = new Stripe();
        }
    }

    private LoomCode() {}

    /**
     * Marks the calling thread; to be followed by {@link #leave} in the same method.
     *
     * @return false if it is marked already: then it is not to leave
     */
    public static boolean enter() {
        Thread me = Thread.currentThread();
        if (room(ROOM) == 0 || isInside(me)) {
            return false;
        }
        stripeOf(me).add(me);
        return true;
    }

    /** Takes the mark of the calling thread away. */
    public static void leave() {
        Thread me = Thread.currentThread();
        stripeOf(me).remove(me);
    }

    /** Whether hooks and polls are to pass in a thread: it is one of Loom's, or runs Loom's code. Waits are not looked at. */
    public static boolean isInside(Thread me) {
        return me instanceof LoomThread || stripeOf(me).contains(me);
    }

    private static int room(int levels) {
        return levels == 0 ? 1 : room(levels - 1);
    }

    private static Stripe stripeOf(Thread thread) {
        return STRIPES[System.identityHashCode(thread) & STRIPES.length - 1];
    }

    private static final class Stripe extends SpinLatch {

        /** Only a thread itself puts itself in or takes itself out, so who looks for itself may look without the latch whether it is empty. */
        private final ThreadList threads = new ThreadList();

        @DontInline
        @ReservedStackAccess
        void add(Thread me) {
            shut();
            try {
                threads.add(me);
            } finally {
                open();
            }
        }

        @DontInline
        @ReservedStackAccess
        void remove(Thread me) {
            shut();
            try {
                threads.remove(me);
            } finally {
                open();
            }
        }

        @DontInline
        @ReservedStackAccess
        boolean contains(Thread me) {
            if (threads.isEmpty()) {
                return false;
            }
            shut();
            try {
                return threads.contains(me);
            } finally {
                open();
            }
        }
    }
}
