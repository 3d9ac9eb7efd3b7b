package dev.loom.agent.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.loom.bootstrap.ConstraintLocks;
import dev.loom.bootstrap.Hold;
import dev.loom.bootstrap.HookRegistry;
import dev.loom.bootstrap.Hooks;
import dev.loom.bootstrap.hook.ConstraintLock;
import dev.loom.bootstrap.hook.LockWait;
import dev.loom.bootstrap.hook.RegionHook;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Array;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A zoo of hangs that filters can cause. In none of them may a thread wait for ever. */
@Timeout(60)
class DeadlockGuardTest {

    /** Instead of 10 s, so that the zoo can be walked through quickly, ns. */
    private static final long PATIENCE = TimeUnit.MILLISECONDS.toNanos(1_000);

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

        /** What is left when an exit is lost. */
        void enterOnly() {
            try {
                Hold hold = (Hold) enter.invokeExact((Hold) null);
                assertEquals(1, Hooks.depth(hold));
            } catch (Throwable t) {
                throw new AssertionError("an entry hook threw", t);
            }
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
        guard = DeadlockGuard.start(broken::add, (lock, frame) -> frame.getClassName().equals(Region.class.getName()), PATIENCE);
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

    /** Skips the test where there are no virtual threads. */
    private void goVirtual(Action action) throws Exception {
        Runnable body = () -> {
            try {
                action.run();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        };
        try {
            threads.add((Thread) Thread.class.getMethod("startVirtualThread", Runnable.class).invoke(null, body));
        } catch (NoSuchMethodException | InvocationTargetException e) {
            Assumptions.abort("no virtual threads in this JVM");
        }
    }

    private static void until(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            Thread.onSpinWait();
            Thread.yield();
        }
    }

    private static boolean waits(Thread thread) {
        return waitedFor(thread) > 0;
    }

    private static long waitedFor(Thread thread) {
        for (LockWait wait : LockWait.longerThan(0)) {
            if (wait.thread() == thread) {
                return System.nanoTime() - wait.since();
            }
        }
        return 0;
    }

    private void allEnd() throws InterruptedException {
        for (Thread thread : threads) {
            thread.join(TimeUnit.SECONDS.toMillis(40));
            assertFalse(thread.isAlive(), "thread " + thread.getName() + " hangs: the guard should have let a wait pass");
        }
    }

    private static Region region(String name) {
        return new Region(ConstraintLocks.of(name, false), 0, false);
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
        ConstraintLock lock = ConstraintLocks.of("readers and a writer", false, true, false);
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
    void a_monitor_against_a_shared_side() throws Exception {
        ConstraintLock lock = ConstraintLocks.of("readers and a writer", false, true, false);
        Region read = new Region(lock, 0, true);
        Region write = new Region(lock, 1, false);
        Object monitor = new Object();
        CyclicBarrier both = new CyclicBarrier(2);
        go(() -> read.run(() -> {
            both.await();
            synchronized (monitor) {
                monitor.notifyAll();
            }
        }));
        go(() -> {
            synchronized (monitor) {
                both.await();
                write.run(() -> { });
            }
        });
        allEnd();
        assertEquals(1, broken.size());
        assertTrue(broken.get(0).proven());
    }

    @Test
    void a_reader_that_joins_another_who_stands_behind_a_waiting_writer() throws Exception {
        ConstraintLock lock = ConstraintLocks.of("readers and a writer", false, true, false);
        Region read = new Region(lock, 0, true);
        Region write = new Region(lock, 1, false);
        CountDownLatch inside = new CountDownLatch(1);
        Thread writer = go(() -> {
            inside.await();
            write.run(() -> { });
        });
        Thread second = go(() -> {
            until(() -> waits(writer) && waitedFor(writer) > TimeUnit.MILLISECONDS.toNanos(50));
            read.run(() -> { });
        });
        go(() -> read.run(() -> {
            inside.countDown();
            second.join();
        }));
        allEnd();
        assertEquals(1, broken.size());
        assertTrue(broken.get(0).proven());
    }

    @Test
    void a_holder_that_waits_again_and_again_for_a_signal_that_only_the_waiter_would_give() throws Exception {
        Region region = region("region");
        Object monitor = new Object();
        AtomicBoolean signal = new AtomicBoolean();
        CountDownLatch inside = new CountDownLatch(1);
        go(() -> region.run(() -> {
            synchronized (monitor) {
                inside.countDown();
                while (!signal.get()) {
                    monitor.wait(50);
                }
            }
        }));
        go(() -> {
            inside.await();
            region.run(() -> signal.set(true));
        });
        allEnd();
        assertEquals(1, broken.size());
    }

    @Test
    void a_holder_that_has_ended_without_leaving() throws Exception {
        Region region = region("region");
        Thread holder = go(region::enterOnly);
        holder.join();
        go(() -> region.run(() -> { }));
        allEnd();
        assertTrue(broken.isEmpty(), "the lock was freed, no wait had to be broken: " + broken);
        assertEquals(0, region.hook.counts().bypasses());
    }

    @Test
    void a_holder_that_lives_on_without_having_left() throws Exception {
        Region region = region("region");
        CountDownLatch lost = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        Thread holder = go(() -> busyElsewhere(region, lost, end));
        lost.await();
        Thread waiter = go(() -> region.run(() -> { }));
        waiter.join(TimeUnit.SECONDS.toMillis(40));
        assertFalse(waiter.isAlive(), "the hold should have been found lost");
        assertTrue(holder.isAlive());
        end.countDown();
        allEnd();
        assertTrue(broken.isEmpty(), "the lock was freed, no wait had to be broken: " + broken);
        assertEquals(0, region.hook.counts().bypasses());
    }

    /** Not named like a woven method. */
    private static void busyElsewhere(Region region, CountDownLatch lost, CountDownLatch end) throws Exception {
        region.enterOnly();
        lost.countDown();
        while (end.getCount() > 0) {
            Thread.sleep(1);
        }
    }

    @Test
    void virtual_threads_in_a_cycle() throws Exception {
        Region one = region("one");
        Region two = region("two");
        CyclicBarrier both = new CyclicBarrier(2);
        goVirtual(() -> one.run(() -> {
            both.await();
            two.run(() -> { });
        }));
        goVirtual(() -> two.run(() -> {
            both.await();
            one.run(() -> { });
        }));
        allEnd();
        assertEquals(1, broken.size());
        assertTrue(broken.get(0).proven());
    }

    @Test
    void a_virtual_holder_that_waits_for_a_signal_that_only_the_waiter_would_give() throws Exception {
        Region region = region("region");
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch signal = new CountDownLatch(1);
        goVirtual(() -> region.run(() -> {
            inside.countDown();
            signal.await();
        }));
        goVirtual(() -> {
            inside.await();
            region.run(signal::countDown);
        });
        allEnd();
        assertEquals(1, broken.size());
    }

    @Test
    void an_exit_of_the_jvm_inside_a_region_with_a_shutdown_hook_that_wants_it_too() throws Exception {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Process process = new ProcessBuilder(java, "-cp", System.getProperty("java.class.path"), ExitInRegion.class.getName())
                .inheritIO()
                .start();
        boolean ended = process.waitFor(40, TimeUnit.SECONDS);
        process.destroyForcibly();
        assertTrue(ended, "the JVM hangs in its shutdown");
        assertEquals(7, process.exitValue());
    }

    /** What {@code System.exit} does in an application with a filter; Loom's own shutdown hook as the agent sets it. */
    static final class ExitInRegion {
        public static void main(String[] args) throws Exception {
            Region region = region("region");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> HookRegistry.passAll(true)));
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                try {
                    region.run(() -> { });
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
            }));
            region.run(() -> System.exit(7));
        }
    }

    @Test
    void a_wait_for_one_who_waits_for_one_who_works_is_left_alone() throws Exception {
        Region one = region("one");
        Region two = region("two");
        Object monitor = new Object();
        AtomicBoolean end = new AtomicBoolean();
        CountDownLatch insideOne = new CountDownLatch(1);
        go(() -> one.run(() -> {
            insideOne.countDown();
            while (!end.get()) {
                Thread.onSpinWait();
                Thread.yield();
            }
        }));
        insideOne.await();
        Thread second = go(() -> {
            synchronized (monitor) {
                two.run(() -> one.run(() -> { }));
            }
        });
        until(() -> waits(second));
        Thread third = go(() -> two.run(() -> { }));
        Thread fourth = go(() -> two.run(() -> {
            synchronized (monitor) {
                monitor.notifyAll();
            }
        }));
        until(() -> waits(third) && waits(fourth) && waitedFor(fourth) > PATIENCE * 3);
        assertTrue(broken.isEmpty(), "nothing was stuck: " + broken);
        end.set(true);
        allEnd();
        assertTrue(broken.isEmpty(), "nothing was stuck: " + broken);
    }

    @Test
    void a_holder_that_sleeps_is_left_alone() throws Exception {
        Region region = region("region");
        CountDownLatch inside = new CountDownLatch(1);
        go(() -> region.run(() -> {
            inside.countDown();
            Thread.sleep(TimeUnit.NANOSECONDS.toMillis(PATIENCE * 3));
        }));
        go(() -> {
            inside.await();
            region.run(() -> { });
        });
        allEnd();
        assertTrue(broken.isEmpty(), "nothing was stuck: " + broken);
    }

    @Test
    void a_wait_that_is_merely_long_is_left_alone() throws Exception {
        Region region = region("region");
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch waiting = new CountDownLatch(1);
        go(() -> region.run(() -> {
            inside.countDown();
            waiting.await();
            long end = System.nanoTime() + PATIENCE * 3;
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

    @Test
    void a_virtual_holder_that_works_is_left_alone() throws Exception {
        Region region = region("region");
        CountDownLatch inside = new CountDownLatch(1);
        goVirtual(() -> region.run(() -> {
            inside.countDown();
            long end = System.nanoTime() + PATIENCE * 3;
            while (System.nanoTime() < end) {
                Thread.onSpinWait();
            }
        }));
        go(() -> {
            inside.await();
            region.run(() -> { });
        });
        allEnd();
        assertTrue(broken.isEmpty(), "nothing was stuck: " + broken);
    }

    /** The thread is RUNNABLE there, uses no CPU time, and the top of its stack is no native method. */
    @Test
    void a_holder_that_waits_in_native_code_called_by_the_foreign_function_interface_is_left_alone() throws Exception {
        MethodHandle usleep = foreign("usleep");
        Region region = region("region");
        CountDownLatch inside = new CountDownLatch(1);
        go(() -> region.run(() -> {
            inside.countDown();
            try {
                Object unused = usleep.invoke((int) TimeUnit.NANOSECONDS.toMicros(PATIENCE * 3));
            } catch (Throwable t) {
                throw new AssertionError(t);
            }
        }));
        go(() -> {
            inside.await();
            region.run(() -> { });
        });
        allEnd();
        assertTrue(broken.isEmpty(), "nothing was stuck: " + broken);
    }

    /** {@code int name(int)} of the C library. By reflection, as the interface is final from Java 22 on: skips the test before. */
    private static MethodHandle foreign(String name) throws Exception {
        Assumptions.assumeTrue(Runtime.version().feature() >= 22, "no foreign function interface in this JVM");
        Class<?> linkers = Class.forName("java.lang.foreign.Linker");
        Class<?> layouts = Class.forName("java.lang.foreign.MemoryLayout");
        Class<?> descriptors = Class.forName("java.lang.foreign.FunctionDescriptor");
        Object integer = Class.forName("java.lang.foreign.ValueLayout").getField("JAVA_INT").get(null);
        Object linker = linkers.getMethod("nativeLinker").invoke(null);
        Object library = linkers.getMethod("defaultLookup").invoke(linker);
        Object address = ((Optional<?>) Class.forName("java.lang.foreign.SymbolLookup").getMethod("find", String.class)
                .invoke(library, name)).orElseThrow();
        Object parameters = Array.newInstance(layouts, 1);
        Array.set(parameters, 0, integer);
        Object descriptor = descriptors.getMethod("of", layouts, parameters.getClass()).invoke(null, integer, parameters);
        Object options = Array.newInstance(Class.forName("java.lang.foreign.Linker$Option"), 0);
        return (MethodHandle) linkers
                .getMethod("downcallHandle", Class.forName("java.lang.foreign.MemorySegment"), descriptors, options.getClass())
                .invoke(linker, address, descriptor, options);
    }
}
