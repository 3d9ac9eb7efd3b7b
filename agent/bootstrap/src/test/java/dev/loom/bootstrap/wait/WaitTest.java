package dev.loom.bootstrap.wait;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.loom.bootstrap.ConstraintLocks;
import dev.loom.bootstrap.Hold;
import dev.loom.bootstrap.Hooks;
import dev.loom.bootstrap.Threads;
import dev.loom.bootstrap.Woven;
import dev.loom.bootstrap.hook.LockWait;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class WaitTest {

    static Stream<Woven> regions() {
        return Stream.of(
                Woven.enforcing(ConstraintLocks.of("exclusive", false, false), 0, false),
                Woven.enforcing(ConstraintLocks.of("group", false, false, true), 0, false));
    }

    @ParameterizedTest
    @MethodSource("regions")
    void an_interrupt_does_not_end_a_wait_and_is_put_back_after_it(Woven region) {
        Hold hold = region.enter();
        Threads.Started<Boolean> other = Threads.start(() -> {
            region.run(() -> { });
            return Thread.currentThread().isInterrupted();
        });
        Threads.untilWaiting(other.thread);
        other.thread.interrupt();
        Threads.until("the interrupt is seen", () -> !other.thread.isInterrupted());
        Threads.untilWaiting(other.thread);
        Hooks.exit(hold, 1);
        assertTrue(other.get());
    }

    /** A thread of the application's that does something of its own when it is interrupted. */
    private static final class OwnInterrupt extends Thread {
        final AtomicInteger calls = new AtomicInteger();

        OwnInterrupt(Runnable body) {
            super(body);
        }

        @Override
        public void interrupt() {
            calls.incrementAndGet();
            super.interrupt();
        }
    }

    @ParameterizedTest
    @MethodSource("regions")
    void putting_an_interrupt_back_does_not_run_the_application_s_own_interrupt_method(Woven region) throws Exception {
        Hold hold = region.enter();
        AtomicBoolean interrupted = new AtomicBoolean();
        OwnInterrupt other = new OwnInterrupt(() -> {
            region.run(() -> { });
            interrupted.set(Thread.currentThread().isInterrupted());
        });
        other.start();
        Threads.untilWaiting(other);
        other.interrupt();
        Threads.until("the interrupt is seen", () -> !other.isInterrupted());
        Hooks.exit(hold, 1);
        other.join();
        assertTrue(interrupted.get());
        assertEquals(1, other.calls.get());
    }

    @ParameterizedTest
    @MethodSource("regions")
    void a_wait_gives_back_the_permit_that_it_may_have_eaten(Woven region) {
        Hold hold = region.enter();
        AtomicBoolean flag = new AtomicBoolean();
        Threads.Started<Void> other = Threads.start(() -> {
            region.run(() -> { });
            // the race-free way to wait for a flag, with an edge of a region between test and park
            while (!flag.get()) {
                region.run(() -> { });
                LockSupport.park();
            }
        });
        Threads.untilWaiting(other.thread);
        flag.set(true);
        LockSupport.unpark(other.thread);
        Hooks.exit(hold, 1);
        other.get();
    }

    @ParameterizedTest
    @MethodSource("regions")
    void a_permit_given_during_a_wait_is_still_there_after_it(Woven region) {
        Hold hold = region.enter();
        Threads.Started<Void> other = Threads.start(() -> {
            region.run(() -> { });
            LockSupport.park();
        });
        Threads.untilWaiting(other.thread);
        LockSupport.unpark(other.thread);
        Hooks.exit(hold, 1);
        other.get();
    }

    @ParameterizedTest
    @MethodSource("regions")
    void the_jvm_s_own_deadlock_detector_sees_who_holds(Woven region) {
        Hold hold = region.enter();
        Threads.Started<Void> other = Threads.start(() -> region.run(() -> { }));
        Threads.untilWaiting(other.thread);
        Threads.until("the JVM knows the owner", () ->
                ManagementFactory.getThreadMXBean().getThreadInfo(other.thread.getId()).getLockOwnerId()
                        == Thread.currentThread().getId());
        Hooks.exit(hold, 1);
        other.get();
    }

    @ParameterizedTest
    @MethodSource("regions")
    void a_thread_of_loom_s_own_passes(Woven region) throws InterruptedException {
        Hold hold = region.enter();
        AtomicReference<Hold> got = new AtomicReference<>(hold);
        LoomThread other = new LoomThread("test", () -> got.set(region.enter()));
        other.start();
        other.join(10_000);
        assertNull(got.get(), "a thread of Loom's waited, or entered without waiting");
        Hooks.exit(hold, 1);
    }

    @ParameterizedTest
    @MethodSource("regions")
    void a_thread_that_runs_loom_s_code_passes(Woven region) {
        Hold hold = region.enter();
        Threads.Started<Hold> other = Threads.start(() -> {
            assertTrue(LoomCode.enter());
            try {
                assertFalse(LoomCode.enter(), "it is marked already");
                return region.enter();
            } finally {
                LoomCode.leave();
            }
        });
        assertNull(other.get());
        Hooks.exit(hold, 1);
    }

    @ParameterizedTest
    @MethodSource("regions")
    void a_long_wait_alarms_the_guard(Woven region) {
        Hold hold = region.enter();
        AtomicInteger looks = new AtomicInteger();
        Threads.Started<Void> guard = Threads.start(() -> {
            while (WaitRegistry.longerThan(Wait.MOMENT).isEmpty()) {
                LockSupport.park();
                looks.incrementAndGet();
            }
        });
        WaitRegistry.guardedBy(guard.thread);
        Threads.Started<Hold> other = Threads.start(() -> region.enter());
        guard.get();
        WaitRegistry.guardedBy(null);
        LockWait wait = Threads.waitOf(other.thread);
        assertEquals(region.hook, wait.hook());
        assertEquals(region.hook.lock(), wait.lock());
        assertEquals(List.of(Thread.currentThread()), wait.blockers());
        assertFalse(wait.ended());
        wait.letPass();
        assertNull(other.get());
        assertTrue(wait.ended());
        assertEquals(1, region.hook.counts().bypasses());
        assertTrue(region.hook.counts().waitNanosTotal() >= TimeUnit.MILLISECONDS.toNanos(20));
        Hooks.exit(hold, 1);
        assertEquals(0, region.hook.tokensOut());
    }

    @Test
    void a_virtual_thread_waits_without_its_carrier() {
        Woven region = Woven.enforcing(ConstraintLocks.of("exclusive", false, false), 0, false);
        Hold hold = region.enter();
        int count = 50 + Runtime.getRuntime().availableProcessors();
        var all = Stream.generate(() -> Threads.startVirtual(() -> {
            region.run(Thread::yield);
            return null;
        })).limit(count).toList();
        Threads.until("all wait", () -> WaitRegistry.longerThan(0).size() == count);
        assertEquals(1 + count, region.hook.tokensOut());
        Hooks.exit(hold, 1);
        all.forEach(Threads.Started::get);
        assertEquals(0, region.hook.tokensOut());
    }
}
