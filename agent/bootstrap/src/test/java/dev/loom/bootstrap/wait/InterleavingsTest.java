package dev.loom.bootstrap.wait;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.loom.bootstrap.ConstraintLocks;
import dev.loom.bootstrap.Hold;
import dev.loom.bootstrap.HookRegistry;
import dev.loom.bootstrap.Hooks;
import dev.loom.bootstrap.Threads;
import dev.loom.bootstrap.Woven;
import dev.loom.bootstrap.hook.RegionHook;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class InterleavingsTest {

    static Stream<Woven> regions() {
        return Stream.of(
                Woven.enforcing(ConstraintLocks.of("exclusive", false, false), 0, false),
                Woven.enforcing(ConstraintLocks.of("group", false, false, true), 0, false));
    }

    @AfterEach
    void nobodyLooksAnyMore() {
        Interleavings.take(0);
    }

    /** Holds the region while another thread comes to it and parks; then leaves. */
    private static Thread meet(Woven region) {
        Hold hold = region.enter();
        Threads.Started<Void> other = Threads.start(() -> region.run(() -> { }));
        Threads.until("the other parks", () -> other.thread.getState() == Thread.State.TIMED_WAITING);
        leave(hold);
        other.get();
        return other.thread;
    }

    private static void leave(Hold hold) {
        Hooks.exit(hold, 1);
    }

    private static boolean has(StackTraceElement[] stack, String method) {
        return Arrays.stream(stack).anyMatch(frame -> frame.getMethodName().equals(method));
    }

    @ParameterizedTest
    @MethodSource("regions")
    void a_wait_is_seen_with_both_threads_and_both_stacks(Woven region) {
        Interleavings.take(1);
        Thread waiter = meet(region);
        List<Interleaving> seen = Interleavings.take(0);
        assertEquals(1, seen.size(), "one wait ended while one was to be looked at");
        Interleaving one = seen.get(0);
        assertSame(region.hook, one.listener());
        assertSame(waiter, one.thread());
        assertSame(Thread.currentThread(), one.other());
        assertEquals(Interleaving.End.PREVENTED, one.end());
        assertTrue(one.nanos() > 0);
        assertTrue(has(one.stack(), "run"), () -> "where it came: " + Arrays.toString(one.stack()));
        assertTrue(has(one.otherStack(), "leave"), () -> "where the other left: " + Arrays.toString(one.otherStack()));
    }

    @Test
    void no_more_are_looked_at_than_permitted() {
        Woven region = regions().findFirst().orElseThrow();
        Interleavings.take(2);
        for (int i = 0; i < 4; i++) {
            meet(region);
        }
        assertEquals(2, Interleavings.take(0).size());
        meet(region);
        assertEquals(0, Interleavings.take(0).size(), "none was permitted");
    }

    @Test
    void a_wait_that_was_let_go_is_told_so() {
        Woven region = regions().findFirst().orElseThrow();
        Interleavings.take(1);
        Hold hold = region.enter();
        Threads.Started<Void> other = Threads.start(() -> region.run(() -> { }));
        Threads.until("the other parks", () -> other.thread.getState() == Thread.State.TIMED_WAITING);
        Threads.waitOf(other.thread).letPass();
        other.get();
        leave(hold);
        Interleaving one = Interleavings.take(0).get(0);
        assertEquals(Interleaving.End.BYPASSED, one.end());
        assertSame(Thread.currentThread(), one.other());
        assertEquals(0, one.otherStack().length, "the other had not left");
    }

    @Test
    void an_overlap_is_seen_with_both_stacks_where_nobody_waits() {
        Woven region = new Woven(HookRegistry.create(ConstraintLocks.of("observed", false, false), 0, false, RegionHook.Mode.OBSERVE));
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        Threads.Started<Void> first = Threads.start(() -> {
            Hold hold = region.enter();
            inside.countDown();
            Threads.await(go);
            leave(hold);
        });
        Threads.await(inside);
        Interleavings.take(1);
        region.run(() -> { });
        go.countDown();
        first.get();
        Interleaving one = Interleavings.take(0).get(0);
        assertEquals(Interleaving.End.OVERLAPPED, one.end());
        assertSame(Thread.currentThread(), one.thread());
        assertSame(first.thread, one.other());
        assertTrue(has(one.otherStack(), "leave"), () -> Arrays.toString(one.otherStack()));
    }

    @Test
    void an_overlap_whose_other_thread_stays_is_told_without_its_stack() {
        Woven region = new Woven(HookRegistry.create(ConstraintLocks.of("observed", false, false), 0, false, RegionHook.Mode.OBSERVE));
        Hold hold = region.enter();
        Interleavings.take(1);
        Threads.start(() -> region.run(() -> { })).get();
        List<Interleaving> seen = Interleavings.take(1);
        assertEquals(1, seen.size());
        assertEquals(0, seen.get(0).otherStack().length);
        leave(hold);
        assertEquals(0, Interleavings.take(0).size(), "it was told once");
    }

    @Test
    void nothing_is_seen_of_who_meets_nobody() {
        Woven region = regions().findFirst().orElseThrow();
        Interleavings.take(4);
        region.run(() -> region.run(() -> { }));
        assertEquals(0, Interleavings.take(0).size());
        assertNull(Threads.waitOf(Thread.currentThread()));
    }
}
