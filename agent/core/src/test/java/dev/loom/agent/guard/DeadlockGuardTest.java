package dev.loom.agent.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.loom.bootstrap.ConstraintLock;
import dev.loom.bootstrap.Hold;
import dev.loom.bootstrap.HookRegistry;
import dev.loom.bootstrap.Hooks;
import dev.loom.bootstrap.RegionHook;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A zoo of hangs that filters can cause. In none of them may a thread wait for ever. */
@Timeout(60)
class DeadlockGuardTest {

    private final List<BrokenWait> broken = new CopyOnWriteArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private DeadlockGuard guard;

    /** A region as woven code enters and leaves it. */
    private static final class Region {
        final RegionHook hook;
        private final MethodHandle enter;

        Region(ConstraintLock lock, int side, boolean shared) {
            hook = HookRegistry.create(lock, side, shared, RegionHook.Mode.ENFORCE);
            enter = Hooks.enter(MethodHandles.lookup(), "enter", MethodType.methodType(Hold.class, Hold.class), hook.id(), "")
                    .getTarget();
        }

        void run(Action inside) throws Exception {
            Hold hold;
            try {
                hold = (Hold) enter.invokeExact((Hold) null);
            } catch (Throwable t) {
                throw new AssertionError("an entry hook threw", t);
            }
            int depth = Hooks.depth(hold);
            try {
                inside.run();
            } finally {
                Hooks.exit(hold, depth);
            }
        }
    }

    private interface Action {
        void run() throws Exception;
    }

    @BeforeEach
    void start() {
        guard = DeadlockGuard.start(broken::add);
    }

    @AfterEach
    void end() {
        guard.close();
    }

    private Thread go(Action action) {
        Thread thread = new Thread(() -> {
            try {
                action.run();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }, "zoo-" + threads.size());
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
        return thread;
    }

    private void allEnd() throws InterruptedException {
        for (Thread thread : threads) {
            thread.join(TimeUnit.SECONDS.toMillis(40));
            assertFalse(thread.isAlive(), "thread " + thread.getName() + " hangs: the guard should have let a wait pass");
        }
    }

    private static Region region(String name) {
        return new Region(ConstraintLock.of(name, false), 0, false);
    }

    @Test
    void two_regions_entered_in_opposite_orders() throws Exception {
        Region one = region("one");
        Region two = region("two");
        CyclicBarrier both = new CyclicBarrier(2);
        go(() -> one.run(() -> {
            both.await();
            two.run(() -> { });
        }));
        go(() -> two.run(() -> {
            both.await();
            one.run(() -> { });
        }));
        allEnd();
        assertEquals(1, broken.size(), "one wait of the cycle is enough: " + broken);
        assertTrue(broken.get(0).proven());
        assertEquals(1, one.hook.counts().bypasses() + two.hook.counts().bypasses());
    }

    @Test
    void a_region_against_a_monitor_of_the_application() throws Exception {
        Region region = region("region");
        Object monitor = new Object();
        CyclicBarrier both = new CyclicBarrier(2);
        go(() -> region.run(() -> {
            both.await();
            synchronized (monitor) {
                monitor.notifyAll();
            }
        }));
        go(() -> {
            synchronized (monitor) {
                both.await();
                region.run(() -> { });
            }
        });
        allEnd();
        assertEquals(1, broken.size());
        assertTrue(broken.get(0).proven());
        assertTrue(broken.get(0).stacks().size() >= 2, "both stacks belong into the report: " + broken);
    }

    @Test
    void a_thread_that_joins_the_waiter_inside_the_region() throws Exception {
        Region region = region("region");
        CountDownLatch inside = new CountDownLatch(1);
        Thread waiter = new Thread(() -> {
            try {
                inside.await();
                region.run(() -> { });
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }, "waiter");
        waiter.setDaemon(true);
        threads.add(waiter);
        waiter.start();
        go(() -> region.run(() -> {
            inside.countDown();
            waiter.join();
        }));
        allEnd();
        assertEquals(1, broken.size());
        assertTrue(broken.get(0).proven(), "join is seen in the JVM's own record");
    }

    @Test
    void two_readers_that_both_want_to_write() throws Exception {
        ConstraintLock lock = ConstraintLock.of("readers and a writer", false, true, false);
        Region read = new Region(lock, 0, true);
        Region write = new Region(lock, 1, false);
        CyclicBarrier both = new CyclicBarrier(2);
        for (int i = 0; i < 2; i++) {
            go(() -> read.run(() -> {
                both.await();
                write.run(() -> { });
            }));
        }
        allEnd();
        assertFalse(broken.isEmpty());
    }

    @Test
    void a_holder_that_waits_for_a_signal_that_only_the_waiter_would_give() throws Exception {
        Region region = region("region");
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch signal = new CountDownLatch(1);
        go(() -> region.run(() -> {
            inside.countDown();
            signal.await();
        }));
        go(() -> {
            inside.await();
            region.run(signal::countDown);
        });
        allEnd();
        assertEquals(1, broken.size());
        assertFalse(broken.get(0).proven(), "no record says who would count a latch down");
    }

    @Test
    void a_wait_that_is_merely_long_is_left_alone() throws Exception {
        Region region = region("region");
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch waiting = new CountDownLatch(1);
        go(() -> region.run(() -> {
            inside.countDown();
            waiting.await();
            long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(1_500);
            while (System.nanoTime() < end) {
                Thread.onSpinWait();
            }
        }));
        go(() -> {
            inside.await();
            waiting.countDown();
            region.run(() -> { });
        });
        allEnd();
        assertTrue(broken.isEmpty(), "nothing was stuck: " + broken);
    }
}
