package dev.loom.bootstrap.lock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.loom.bootstrap.ConstraintLocks;
import dev.loom.bootstrap.Hold;
import dev.loom.bootstrap.HookRegistry;
import dev.loom.bootstrap.Hooks;
import dev.loom.bootstrap.Threads;
import dev.loom.bootstrap.Woven;
import dev.loom.bootstrap.hook.ConstraintLock;
import dev.loom.bootstrap.hook.RegionHook;
import dev.loom.bootstrap.wait.WaitRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class SharedSidesTest {

    private final ConstraintLock lock = ConstraintLocks.of("c", false, true, true, false);
    private final Woven readers = Woven.enforcing(lock, 0, true);
    private final Woven others = Woven.enforcing(lock, 1, true);
    private final Woven writers = Woven.enforcing(lock, 2, false);

    @Test
    void threads_of_one_shared_side_are_inside_together() {
        Hold mine = readers.enter();
        assertEquals(1, Threads.start(() -> enterAndLeave(readers)).get());
        Hooks.exit(mine, 1);
    }

    @Test
    void threads_of_two_shared_sides_are_not() {
        Hold mine = readers.enter();
        Threads.Started<Integer> other = Threads.start(() -> enterAndLeave(others));
        Threads.untilWaiting(other.thread);
        Hooks.exit(mine, 1);
        assertEquals(1, other.get());
    }

    @Test
    void who_is_inside_exclusively_may_enter_any_side() {
        Hold write = writers.enter();
        Hold read = readers.enter();
        Hold other = others.enter();
        assertEquals(3, Hooks.depth(other));
        Hooks.exit(other, 3);
        Hooks.exit(read, 2);
        Threads.Started<Integer> reader = Threads.start(() -> enterAndLeave(readers));
        Threads.untilWaiting(reader.thread);
        Hooks.exit(write, 1);
        assertEquals(1, reader.get());
    }

    @Test
    void who_is_alone_on_a_shared_side_may_enter_any_other_and_keeps_others_out_until_it_has_left_that() {
        Hold read = readers.enter();
        Hold write = writers.enter();
        assertEquals(2, Hooks.depth(write));
        Threads.Started<Integer> reader = Threads.start(() -> enterAndLeave(readers));
        Threads.untilWaiting(reader.thread);
        Hooks.exit(write, 2);
        assertEquals(1, reader.get());
        Hooks.exit(read, 1);
    }

    @Test
    void an_exclusive_region_that_overlaps_a_shared_one_keeps_others_out_when_the_shared_one_is_left_first() {
        Hold read = readers.enter();
        Hold write = writers.enter();
        Hooks.exitOne(read, 1);
        Threads.Started<Integer> reader = Threads.start(() -> enterAndLeave(readers));
        Threads.untilWaiting(reader.thread);
        Hooks.exitOne(write, 2);
        assertEquals(1, reader.get());
    }

    @Test
    void a_shared_region_that_overlaps_an_exclusive_one_stays_held_when_the_exclusive_one_is_left_first() {
        Hold write = writers.enter();
        Hold read = readers.enter();
        Hooks.exitOne(write, 1);
        Threads.Started<Integer> writer = Threads.start(() -> enterAndLeave(writers));
        Threads.untilWaiting(writer.thread);
        Hooks.exitOne(read, 2);
        assertEquals(1, writer.get());
    }

    @Test
    void who_is_on_a_shared_side_enters_it_again_past_waiting_writers() {
        Hold read = readers.enter();
        Threads.Started<Integer> writer = Threads.start(() -> enterAndLeave(writers));
        Threads.untilWaiting(writer.thread);
        Threads.until("the writer starves", () -> Threads.waitOf(writer.thread).starving);
        Hold again = readers.enter();
        assertEquals(2, Hooks.depth(again));
        Hooks.exit(again, 2);
        Hooks.exit(read, 1);
        assertEquals(1, writer.get());
    }

    @Test
    void a_stream_of_readers_does_not_starve_a_writer() {
        AtomicBoolean done = new AtomicBoolean();
        List<Threads.Started<Void>> stream = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            stream.add(Threads.start(() -> {
                while (!done.get()) {
                    readers.run(Thread::yield);
                }
            }));
        }
        for (int i = 0; i < 20; i++) {
            assertEquals(1, Threads.start(() -> enterAndLeave(writers)).get());
        }
        done.set(true);
        stream.forEach(Threads.Started::get);
    }

    @Test
    void two_upgrades_wait_for_each_other_until_one_is_let_go() {
        Hold mine = readers.enter();
        Threads.Started<Integer> other = Threads.start(() -> {
            Hold read = readers.enter();
            int depth = enterAndLeave(writers);
            Hooks.exit(read, 1);
            return depth;
        });
        Threads.untilWaiting(other.thread);
        Threads.Started<Void> guard = Threads.start(() -> {
            Threads.until("both wait", () -> WaitRegistry.longerThan(0).size() == 2);
            assertEquals(List.of(Thread.currentThread().getThreadGroup()), List.of(other.thread.getThreadGroup()));
            Threads.waitOf(other.thread).letPass();
        });
        Hold upgraded = writers.enter();
        assertNotNull(upgraded);
        guard.get();
        assertEquals(0, other.get(), "let go without the lock");
        Hooks.exit(upgraded, 2);
        Hooks.exit(mine, 1);
        assertEquals(1, writers.hook.counts().bypasses());
        assertEquals(List.of(), lock.holders());
    }

    @Test
    void blockers_are_the_holders_in_the_way_or_who_is_ahead_in_the_queue() {
        Hold mine = readers.enter();
        Threads.Started<Integer> writer = Threads.start(() -> enterAndLeave(writers));
        Threads.untilWaiting(writer.thread);
        assertEquals(List.of(Thread.currentThread()), Threads.waitOf(writer.thread).blockers());
        Threads.until("the writer starves", () -> Threads.waitOf(writer.thread).starving);
        Threads.Started<Integer> reader = Threads.start(() -> enterAndLeave(readers));
        Threads.untilWaiting(reader.thread);
        Threads.until("it has queued", () -> !Threads.waitOf(reader.thread).blockers().isEmpty());
        assertEquals(List.of(writer.thread), Threads.waitOf(reader.thread).blockers());
        Hooks.exit(mine, 1);
        assertEquals(1, writer.get());
        assertEquals(1, reader.get());
    }

    @Test
    void only_a_shared_side_of_the_constraint_can_have_shared_hooks() {
        assertThrows(IllegalArgumentException.class,
                () -> HookRegistry.create(ConstraintLocks.of("c", false, false), 0, true, RegionHook.Mode.ENFORCE));
        assertThrows(IllegalArgumentException.class, () -> HookRegistry.create(lock, 3, true, RegionHook.Mode.ENFORCE));
    }

    @Test
    void many_threads_are_inside_together_and_the_table_of_them_grows() {
        List<Threads.Started<Void>> all = new ArrayList<>();
        AtomicBoolean leave = new AtomicBoolean();
        for (int i = 0; i < 100; i++) {
            all.add(Threads.start(() -> readers.run(() -> readers.run(() -> Threads.until("may leave", leave::get)))));
        }
        Threads.until("all are inside", () -> lock.holders().size() == 100);
        assertEquals(100, readers.hook.tokensOut());
        leave.set(true);
        all.forEach(Threads.Started::get);
        assertEquals(0, readers.hook.tokensOut());
        assertNull(Threads.waitOf(Thread.currentThread()));
    }

    private static int enterAndLeave(Woven region) {
        Hold hold = region.enter();
        int depth = Hooks.depth(hold);
        Hooks.exit(hold, depth);
        return depth;
    }
}
