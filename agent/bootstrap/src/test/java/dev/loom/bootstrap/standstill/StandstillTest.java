package dev.loom.bootstrap.standstill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.loom.bootstrap.ConstraintLocks;
import dev.loom.bootstrap.Hold;
import dev.loom.bootstrap.HookRegistry;
import dev.loom.bootstrap.Hooks;
import dev.loom.bootstrap.Threads;
import dev.loom.bootstrap.Woven;
import dev.loom.bootstrap.hook.ConstraintLock;
import dev.loom.bootstrap.hook.HookCounts;
import dev.loom.bootstrap.hook.LockWait;
import dev.loom.bootstrap.hook.RegionHook;
import dev.loom.bootstrap.wait.LoomCode;
import dev.loom.bootstrap.wait.LoomThread;
import dev.loom.bootstrap.wait.Wait;
import dev.loom.bootstrap.wait.WaitRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code r <> *} without an agent: a watcher that knows the threads of the test. */
class StandstillTest {

    private static final int BIT = 4;

    private final ConstraintLock lock = ConstraintLocks.unilateral("c");
    private final List<Thread> workers = new ArrayList<>();
    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicBoolean impatient = new AtomicBoolean();
    private Thread watcher;

    @BeforeEach
    void watch() {
        Standstill.bit(lock, BIT);
        watcher = new Thread(() -> {
            while (!over.get()) {
                Standstill.Request request = Standstill.request();
                if (request != null) {
                    List<Thread> missing = new ArrayList<>(workers);
                    missing.removeAll(Standstill.standing());
                    if (missing.isEmpty() || impatient.get()) {
                        Standstill.gathered(request, missing);
                    }
                }
                LockSupport.parkNanos(100_000);
            }
        });
        watcher.setDaemon(true);
        watcher.start();
        Standstill.watchedBy(watcher);
    }

    @AfterEach
    void end() throws InterruptedException {
        over.set(true);
        watcher.join();
        Standstill.watchedBy(null);
        Standstill.bit(lock, 0);
        assertEquals(0, Ownership.raised);
        assertNull(Ownership.owner);
    }

    private Woven region() {
        return Woven.enforcing(lock, 0, false);
    }

    /** A thread that counts, with a poll at each turn. */
    private Threads.Started<Void> counting(AtomicLong count, int bits, AtomicBoolean stop) {
        Threads.Started<Void> started = Threads.start(() -> {
            while (!stop.get()) {
                Hooks.poll(bits);
                count.incrementAndGet();
            }
        });
        workers.add(started.thread);
        return started;
    }

    @Test
    void nobody_comes_past_a_poll_while_a_thread_is_inside() {
        Woven region = region();
        AtomicLong count = new AtomicLong();
        AtomicBoolean stop = new AtomicBoolean();
        List<Threads.Started<Void>> all = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            all.add(counting(count, BIT | 1, stop));
        }
        for (int turn = 0; turn < 20; turn++) {
            long seen = count.get();
            Threads.until("they count", () -> count.get() > seen);
            region.run(() -> {
                long before = count.get();
                region.run(() -> LockSupport.parkNanos(1_000_000));
                assertEquals(before, count.get());
            });
        }
        stop.set(true);
        all.forEach(Threads.Started::get);
        HookCounts counts = region.hook.counts();
        assertEquals(40, counts.hits());
        assertEquals(0, counts.bypasses());
        assertTrue(counts.contended() > 0);
        assertEquals(0, region.hook.tokensOut());
    }

    @Test
    void code_of_another_scope_goes_on() {
        Woven region = region();
        AtomicLong count = new AtomicLong();
        AtomicBoolean stop = new AtomicBoolean();
        Threads.Started<Void> other = counting(count, 8, stop);
        workers.clear();
        region.run(() -> {
            long before = count.get();
            Threads.until("it goes on", () -> count.get() > before + 10);
        });
        stop.set(true);
        other.get();
    }

    @Test
    void two_threads_take_turns_and_the_one_that_waits_counts_as_parked() {
        Woven region = region();
        AtomicBoolean inside = new AtomicBoolean();
        Threads.startAll(4, number -> {
            for (int turn = 0; turn < 50; turn++) {
                region.run(() -> {
                    assertFalse(inside.getAndSet(true));
                    Thread.yield();
                    inside.set(false);
                });
            }
        });
        assertEquals(200, region.hook.counts().hits());
        assertEquals(0, region.hook.tokensOut());
    }

    @Test
    void a_hook_that_is_turned_off_lets_everybody_go_on_though_a_thread_is_inside() {
        Woven region = region();
        AtomicLong count = new AtomicLong();
        AtomicBoolean stop = new AtomicBoolean();
        Threads.Started<Void> worker = counting(count, BIT, stop);
        Hold hold = region.enter();
        assertNotNull(hold);
        Threads.untilWaiting(worker.thread);
        assertTrue(Threads.waitOf(worker.thread).isAtPoll());
        assertEquals(List.of(Thread.currentThread()), Threads.waitOf(worker.thread).blockers());
        assertEquals(List.of(Thread.currentThread()), lock.holders());
        assertEquals(1, region.hook.tokensOut());
        region.hook.mode(RegionHook.Mode.PASS);
        long before = count.get();
        Threads.until("it goes on", () -> count.get() > before);
        assertNull(region.enter());
        Hooks.exit(hold, 1);
        assertEquals(0, region.hook.tokensOut());
        stop.set(true);
        worker.get();
    }

    @Test
    void a_poll_that_a_thread_reaches_while_it_waits_in_a_hook_lets_it_go_on() {
        Woven region = region();
        Hold hold = region.enter();
        AtomicLong passed = new AtomicLong();
        Threads.Started<Void> worker = Threads.start(() -> {
            // as LockSupport.park does in a hook, if another agent has it call woven code
            Wait wait = new LockWait(lock, region.hook, Thread.currentThread(), System.nanoTime());
            assertTrue(WaitRegistry.begin(wait));
            try {
                Hooks.poll(BIT);
                passed.incrementAndGet();
            } finally {
                wait.ended = true;
                wait.conclude(false);
            }
            Hooks.poll(BIT);
            passed.incrementAndGet();
        });
        Threads.until("the poll inside the hook lets it go on", () -> passed.get() == 1);
        Threads.untilWaiting(worker.thread);
        assertTrue(Threads.waitOf(worker.thread).isAtPoll(), "the poll behind the hook has to stop it");
        assertEquals(1, passed.get());
        Hooks.exit(hold, 1);
        worker.get();
    }

    @Test
    void polls_and_regions_pass_in_threads_of_loom_s_own_and_in_those_that_run_its_code() throws InterruptedException {
        Woven region = region();
        Hold hold = region.enter();
        AtomicLong passed = new AtomicLong();
        Runnable body = () -> {
            Hooks.poll(BIT);
            assertNull(region.enter(), "Loom's own thread entered a region and stops all others");
            passed.incrementAndGet();
        };
        LoomThread own = new LoomThread("test", body);
        own.start();
        own.join(10_000);
        Threads.start(() -> {
            assertTrue(LoomCode.enter());
            try {
                body.run();
            } finally {
                LoomCode.leave();
            }
        }).get();
        assertEquals(2, passed.get(), "it stopped at the poll");
        Hooks.exit(hold, 1);
    }

    @Test
    void an_owner_for_whom_nobody_stops_any_more_keeps_nobody_out_of_other_regions() {
        Woven region = region();
        ConstraintLock other = ConstraintLocks.unilateral("d");
        Standstill.bit(other, 8);
        Woven second = Woven.enforcing(other, 0, false);
        CountDownLatch leave = new CountDownLatch(1);
        Threads.Started<Void> inside = Threads.start(() -> region.run(() -> Threads.await(leave)));
        Threads.until("it is inside", () -> lock.holders().contains(inside.thread));
        region.hook.mode(RegionHook.Mode.PASS);
        second.run(() -> assertEquals(List.of(Thread.currentThread()), other.holders()));
        assertEquals(0, region.hook.tokensOut());
        leave.countDown();
        inside.get();
        second.run(() -> { });
        assertEquals(2, second.hook.counts().hits());
        assertEquals(0, second.hook.counts().bypasses());
        Standstill.bit(other, 0);
    }

    @Test
    void a_wait_that_is_let_pass_is_counted_and_stops_nowhere_until_the_owner_has_left() {
        Woven region = region();
        AtomicLong count = new AtomicLong();
        AtomicBoolean stop = new AtomicBoolean();
        Threads.Started<Void> worker = counting(count, BIT, stop);
        Hold hold = region.enter();
        Threads.untilWaiting(worker.thread);
        Threads.waitOf(worker.thread).letPass();
        long before = count.get();
        Threads.until("it goes on", () -> count.get() > before + 100);
        assertEquals(1, region.hook.counts().bypasses());
        Hooks.exit(hold, 1);
        Hold again = region.enter();
        Threads.untilWaiting(worker.thread);
        Hooks.exit(again, 1);
        stop.set(true);
        worker.get();
    }

    @Test
    void a_thread_that_does_not_come_is_counted_and_the_region_begins_without_it() {
        Woven region = region();
        CountDownLatch end = new CountDownLatch(1);
        Threads.Started<Void> busy = Threads.start(() -> Threads.await(end));
        workers.add(busy.thread);
        impatient.set(true);
        region.run(() -> assertEquals(List.of(Thread.currentThread()), lock.holders()));
        assertEquals(1, region.hook.counts().bypasses());
        end.countDown();
        busy.get();
    }

    @Test
    void what_a_dead_thread_has_left_behind_is_freed() {
        Woven region = region();
        Threads.start(() -> {
            region.enter();
        }).get();
        Threads.until("its thread is dead", () -> lock.freeDead() == 1);
        assertEquals(0, region.hook.tokensOut());
        region.run(() -> { });
    }

    @Test
    void an_observed_region_stops_nobody_and_counts_each_thread_that_runs_meanwhile_once() {
        Woven region = new Woven(HookRegistry.create(lock, 0, false, RegionHook.Mode.OBSERVE));
        AtomicLong count = new AtomicLong();
        AtomicBoolean stop = new AtomicBoolean();
        Threads.Started<Void> one = counting(count, BIT, stop);
        Threads.Started<Void> two = counting(count, BIT, stop);
        region.run(() -> {
            Threads.until("both run", () -> region.hook.counts().overlaps() == 2);
            long before = count.get();
            Threads.until("they go on", () -> count.get() > before + 100);
            region.run(() -> { });
        });
        assertEquals(2, region.hook.counts().overlaps());
        assertEquals(2, region.hook.counts().hits());
        assertEquals(0, region.hook.tokensOut());
        stop.set(true);
        one.get();
        two.get();
    }

    @Test
    void a_virtual_thread_stands_and_goes_on() {
        Woven region = region();
        AtomicLong count = new AtomicLong();
        AtomicBoolean stop = new AtomicBoolean();
        Threads.Started<Object> virtual = Threads.startVirtual(() -> {
            while (!stop.get()) {
                Hooks.poll(BIT);
                count.incrementAndGet();
                Thread.yield();
            }
            return null;
        });
        workers.add(virtual.thread);
        Threads.until("it counts", () -> count.get() > 0);
        region.run(() -> {
            long before = count.get();
            LockSupport.parkNanos(5_000_000);
            assertEquals(before, count.get());
        });
        stop.set(true);
        virtual.get();
    }
}
