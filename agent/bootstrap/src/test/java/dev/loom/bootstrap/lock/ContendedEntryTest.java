package dev.loom.bootstrap.lock;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.loom.bootstrap.ConstraintLocks;
import dev.loom.bootstrap.Hold;
import dev.loom.bootstrap.HookRegistry;
import dev.loom.bootstrap.Hooks;
import dev.loom.bootstrap.Threads;
import dev.loom.bootstrap.Woven;
import dev.loom.bootstrap.hook.ConstraintLock;
import dev.loom.bootstrap.hook.RegionHook;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.management.ManagementFactory;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContendedEntryTest {

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int ROUNDS = 400;
    /** Of one wait, if it were a new object each time, there would be several times as many. */
    private static final int BYTES = 16;

    @ParameterizedTest(name = "keyed: {0}")
    @ValueSource(booleans = {false, true})
    void an_entry_that_waits_allocates_nothing_once_some_have_waited(boolean keyed) {
        ConstraintLock lock = ConstraintLocks.of("c", keyed, false);
        RegionHook hook = HookRegistry.create(lock, 0, false, RegionHook.Mode.ENFORCE);
        Woven held = new Woven(hook, keyed ? "arg" : "", keyed ? Object.class : null);
        MethodHandle site = Hooks.enter(MethodHandles.lookup(), "enter", MethodType.methodType(Hold.class, Hold.class, Object.class),
                        hook.id(), keyed ? "arg" : "").getTarget();
        Object key = "key";
        Object[] keys = keyed ? new Object[] {key} : new Object[0];
        Semaphore go = new Semaphore(0);
        Semaphore done = new Semaphore(0);
        long[] bytes = new long[2];
        Threads.Started<Void> waiter = Threads.start(() -> {
            for (int round = 0; round < 2 * ROUNDS; round++) {
                go.acquireUninterruptibly();
                long before = THREADS.getCurrentThreadAllocatedBytes();
                Hold hold = enter(site, key);
                Hooks.exit(hold, Hooks.depth(hold));
                bytes[round / ROUNDS] += THREADS.getCurrentThreadAllocatedBytes() - before;
                done.release();
            }
        });
        for (int round = 0; round < 2 * ROUNDS; round++) {
            Hold hold = held.enter(keys);
            go.release();
            // its place in the queue is not looked at: a wait that somebody knows is not used again
            Threads.until("the other waits", () -> waiter.thread.getState() == Thread.State.TIMED_WAITING);
            Hooks.exit(hold, Hooks.depth(hold));
            done.acquireUninterruptibly();
        }
        waiter.get();
        assertTrue(bytes[1] < (long) ROUNDS * BYTES, bytes[1] + " bytes in " + ROUNDS + " entries: a wait is to come out of SpareWaits");
    }

    private static Hold enter(MethodHandle site, Object key) {
        try {
            return (Hold) site.invokeExact((Hold) null, key);
        } catch (Throwable t) {
            throw new AssertionError("a hook threw", t);
        }
    }
}
