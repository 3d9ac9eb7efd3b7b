package dev.loom.bootstrap.wait;

import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.locks.LockSupport;
import jdk.internal.misc.Unsafe;

/**
 * What a {@link SpinLatch} does to the machine, without a call that other agents could have put code of their own into: a mocking library
 * instruments {@code Thread} and {@code Object}, a tracer {@code LockSupport} or the atomics, and code that they call comes to polls and
 * hooks, which shut latches. The JDK's {@code Unsafe} has native methods for it. Where the JVM does not let us have that, the JDK's
 * public classes do the same.
 */
final class Raw {

    private static final Unsafe UNSAFE = find();
    private static final long STATE = UNSAFE == null ? 0 : UNSAFE.objectFieldOffset(SpinLatch.class, "state");
    private static final AtomicIntegerFieldUpdater<SpinLatch> UPDATER = AtomicIntegerFieldUpdater.newUpdater(SpinLatch.class, "state");
    /** Up to Java 20 {@code Thread.yield} is a native method itself. */
    private static final boolean YIELD_IS_NATIVE = Runtime.version().feature() < 21;
    private static final Class<?> VIRTUAL = virtual();

    private Raw() {}

    private static Unsafe find() {
        try {
            return Unsafe.getUnsafe();
        } catch (IllegalAccessError e) {
            return null; // the package was not exported to us
        }
    }

    private static Class<?> virtual() {
        try {
            return Class.forName("java.lang.VirtualThread", false, null);
        } catch (ClassNotFoundException e) {
            return null;
        }
    }

    /** Whether nothing in here can be instrumented. */
    static boolean isOutOfReach() {
        return UNSAFE != null;
    }

    /** Changes the state of a latch; false if it is not the one expected. */
    static boolean change(SpinLatch latch, int from, int to) {
        return UNSAFE != null ? UNSAFE.compareAndSetInt(latch, STATE, from, to) : UPDATER.compareAndSet(latch, from, to);
    }

    /** Sets the state of a latch that is shut. */
    static void set(SpinLatch latch, int to) {
        if (UNSAFE != null) {
            UNSAFE.putIntRelease(latch, STATE, to);
        } else {
            UPDATER.lazySet(latch, to);
        }
    }

    /** Gives the processor away for a moment. Returns whether it may have eaten a permit of the thread's. */
    static boolean yield() {
        if (UNSAFE == null || YIELD_IS_NATIVE) {
            Thread.yield();
            return false;
        }
        return sleep(1);
    }

    /** Sleeps. Returns whether it may have eaten a permit of the thread's. A virtual thread keeps its carrier meanwhile. */
    static boolean sleep(long nanos) {
        if (UNSAFE == null) {
            LockSupport.parkNanos(nanos);
            return true;
        }
        UNSAFE.park(false, nanos);
        // what a virtual thread eats is a permit of the carrier's, which looks for work anew whenever it wakes up
        return Thread.currentThread().getClass() != VIRTUAL;
    }

    /** Gives the calling thread a permit back. */
    static void giveBackPermit() {
        if (UNSAFE == null) {
            LockSupport.unpark(Thread.currentThread());
        } else {
            UNSAFE.unpark(Thread.currentThread());
        }
    }
}
