package dev.loom.bootstrap.order;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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
import dev.loom.bootstrap.hook.KeyKind;
import dev.loom.bootstrap.hook.KeyedEntry;
import dev.loom.bootstrap.hook.LockWait;
import dev.loom.bootstrap.hook.RegionHook;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class OrderTest {

    private static final long LONG = TimeUnit.MINUTES.toNanos(5);
    private static final long SHORT = TimeUnit.MILLISECONDS.toNanos(30);

    /** Does what woven code does at one event. */
    private static final class Event {
        final RegionHook hook;
        private final Woven arrival;

        Event(ConstraintLock order, int place, long count) {
            hook = HookRegistry.createEvent(order, place, count, RegionHook.Mode.ENFORCE);
            arrival = order.keyed() ? new Woven(hook, "arg", Object.class) : new Woven(hook);
        }

        Hold arrive(Object... key) {
            return arrival.enter(key);
        }

        void happen(Object... key) {
            Hooks.completed(arrive(key));
        }

        HookCounts counts() {
            return hook.counts();
        }
    }

    private static ConstraintLock order(boolean keyed, int events, boolean each, long within) {
        return ConstraintLocks.order("test", keyed, events, each, within);
    }

    @Test
    void an_event_waits_until_the_one_before_it_has_completed_and_not_just_begun() {
        ConstraintLock order = order(false, 2, false, LONG);
        Event first = new Event(order, 0, 1);
        Event second = new Event(order, 1, 1);
        Threads.Started<Void> late = Threads.start(() -> second.happen());
        Threads.untilWaiting(late.thread);
        Hold hold = first.arrive();
        Threads.untilWaiting(late.thread);
        assertEquals(1, second.hook.tokensOut());
        Hooks.completed(hold);
        late.get();
        assertEquals(1, second.counts().contended());
        assertEquals(0, second.counts().timeouts());
        assertEquals(0, second.hook.tokensOut());
        second.happen();
        assertEquals(2, second.counts().hits());
        assertEquals(1, second.counts().contended());
    }

    @Test
    void an_event_that_is_left_by_an_exception_has_not_completed() {
        ConstraintLock order = order(false, 2, false, SHORT);
        Event first = new Event(order, 0, 1);
        Event second = new Event(order, 1, 1);
        Hold hold = first.arrive();
        Hooks.exit(hold, Hooks.depth(hold));
        second.happen();
        assertEquals(1, second.counts().timeouts());
    }

    @Test
    void a_frame_that_comes_to_its_event_again_while_it_is_there_does_not_wait_again() {
        ConstraintLock order = order(false, 2, true, LONG);
        Event first = new Event(order, 0, 1);
        Event second = new Event(order, 1, 1);
        first.happen();
        Hold hold = second.arrive();
        assertEquals(hold, second.arrival.again(hold));
        assertEquals(1, second.counts().hits());
    }

    @Test
    void each_event_of_a_chain_waits_for_the_one_before_it() {
        ConstraintLock order = order(false, 3, false, LONG);
        Event[] events = {new Event(order, 0, 1), new Event(order, 1, 1), new Event(order, 2, 1)};
        List<Integer> seen = new ArrayList<>();
        List<Threads.Started<Void>> all = new ArrayList<>();
        for (int i = 2; i > 0; i--) {
            int number = i;
            Threads.Started<Void> waiting = Threads.start(() -> {
                Hold hold = events[number].arrive();
                synchronized (seen) {
                    seen.add(number);
                }
                Hooks.completed(hold);
            });
            Threads.untilWaiting(waiting.thread);
            all.add(waiting);
        }
        events[0].happen();
        all.forEach(Threads.Started::get);
        assertEquals(List.of(1, 2), seen);
    }

    @Test
    void a_count_says_how_often_the_first_event_has_to_complete_and_then_everyone_passes() {
        ConstraintLock order = order(false, 2, false, LONG);
        Event first = new Event(order, 0, 3);
        Event second = new Event(order, 1, 1);
        List<Threads.Started<Void>> all = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            all.add(Threads.start(() -> second.happen()));
        }
        all.forEach(one -> Threads.untilWaiting(one.thread));
        first.happen();
        first.happen();
        all.forEach(one -> Threads.untilWaiting(one.thread));
        first.happen();
        all.forEach(Threads.Started::get);
        assertEquals(3, second.counts().contended());
    }

    @Test
    void a_count_can_be_read_when_the_event_happens() throws Throwable {
        ConstraintLock order = order(false, 2, false, LONG);
        Event first = new Event(order, 0, 0);
        Event second = new Event(order, 1, 1);
        MethodHandle count = Hooks.count(MethodHandles.lookup(), "count",
                MethodType.methodType(Hold.class, Hold.class, int.class), first.hook.id(), "arg").getTarget();
        Threads.Started<Void> late = Threads.start(() -> second.happen());
        Threads.untilWaiting(late.thread);
        Hooks.completed((Hold) count.invoke(first.arrive(), 2));
        Threads.untilWaiting(late.thread);
        Hooks.completed((Hold) count.invoke(first.arrive(), 2));
        late.get();
        assertNull((Hold) count.invoke((Hold) null, 2));
    }

    @Test
    void with_each_every_event_uses_up_its_completions() {
        ConstraintLock order = order(false, 2, true, LONG);
        Event first = new Event(order, 0, 2);
        Event second = new Event(order, 1, 1);
        for (int i = 0; i < 4; i++) {
            first.happen();
        }
        second.happen();
        second.happen();
        assertEquals(0, second.counts().contended());
        Threads.Started<Void> third = Threads.start(() -> second.happen());
        Threads.untilWaiting(third.thread);
        first.happen();
        Threads.untilWaiting(third.thread);
        first.happen();
        third.get();
    }

    @Test
    void with_each_no_event_of_many_threads_overtakes_its_completion() {
        ConstraintLock order = order(true, 2, true, LONG);
        Event put = new Event(order, 0, 1);
        Event take = new Event(order, 1, 1);
        AtomicInteger[] made = {new AtomicInteger(), new AtomicInteger()};
        AtomicInteger[] used = {new AtomicInteger(), new AtomicInteger()};
        AtomicInteger violations = new AtomicInteger();
        Threads.startAll(4, number -> {
            int key = number & 1;
            for (int i = 0; i < 2_000; i++) {
                if (number < 2) {
                    Hold hold = put.arrive(key);
                    made[key].incrementAndGet();
                    Hooks.completed(hold);
                } else {
                    Hold hold = take.arrive(key);
                    if (used[key].incrementAndGet() > made[key].get()) {
                        violations.incrementAndGet();
                    }
                    Hooks.completed(hold);
                }
            }
        });
        assertEquals(0, violations.get());
        assertEquals(0, take.counts().timeouts());
        assertEquals(4_000, take.counts().hits());
    }

    @Test
    void events_with_different_keys_are_independent_and_keys_are_compared_as_values() {
        ConstraintLock order = order(true, 2, false, LONG);
        Event first = new Event(order, 0, 1);
        Event second = new Event(order, 1, 1);
        Object someone = new Object();
        for (Object key : new Object[] {7, "seven", 'c', 1.5, true, TimeUnit.DAYS, someone, null}) {
            first.happen(new Object[] {key});
        }
        for (Object key : new Object[] {7L, new StringBuilder("seven").toString(), 'c', 1.5f, true, TimeUnit.DAYS, someone, null}) {
            second.happen(new Object[] {key});
        }
        assertEquals(0, second.counts().contended());
        Threads.Started<Void> other = Threads.start(() -> second.happen(8));
        Threads.untilWaiting(other.thread);
        first.happen(8);
        other.get();
    }

    @Test
    void a_key_object_is_not_kept_alive() {
        OrderState order = (OrderState) order(true, 2, false, LONG);
        Event first = new Event(order, 0, 1);
        List<WeakReference<Object>> keys = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            Object key = i % 2 == 0 ? new Object() : new StringBuilder("key").append(i).toString();
            keys.add(new WeakReference<>(key));
            first.happen(key);
        }
        assertEquals(200, order.size());
        Threads.until("the keys are collected", () -> {
            System.gc();
            return keys.stream().allMatch(reference -> reference.refersTo(null));
        });
        for (int i = 0; i < 200; i++) {
            first.happen("one more");
            first.happen(i);
        }
        assertEquals(100 + 1 + 200, order.size(), "the objects are forgotten, the values are not");
        assertEquals(0, order.evictions());
    }

    @Test
    void the_oldest_of_too_many_keys_is_forgotten_and_counted_but_not_one_that_is_waited_for() {
        OrderState order = (OrderState) order(true, 2, false, LONG);
        Event first = new Event(order, 0, 1);
        Event second = new Event(order, 1, 1);
        Threads.Started<Void> waiting = Threads.start(() -> second.happen(-1));
        Threads.untilWaiting(waiting.thread);
        Hold under = first.arrive(-2);
        for (int i = 0; i < OrderState.MAX_KEYS + 100; i++) {
            first.happen(i);
        }
        assertTrue(order.size() <= OrderState.MAX_KEYS + 1, order.size() + " keys");
        assertTrue(order.evictions() >= 100, order.evictions() + " forgotten");
        Threads.untilWaiting(waiting.thread);
        first.happen(-1);
        waiting.get();
        // its key is forgotten by now, and its completion counts all the same
        Hooks.completed(under);
        second.happen(-2);
        assertEquals(0, second.counts().timeouts());
    }

    @Test
    void a_wait_is_bounded_and_then_nobody_waits_any_more_for_that_key() {
        ConstraintLock order = order(true, 2, false, SHORT);
        new Event(order, 0, 1);
        Event second = new Event(order, 1, 1);
        Threads.startAll(3, number -> second.happen("a"));
        long timeouts = second.counts().timeouts();
        assertTrue(timeouts >= 1 && timeouts <= 3, timeouts + " timeouts");
        second.happen("a");
        assertEquals(timeouts, second.counts().timeouts());
        assertTrue(second.counts().waitNanosMax() >= SHORT);
        second.happen("b");
        assertEquals(timeouts + 1, second.counts().timeouts());
    }

    @Test
    void with_each_a_wait_that_ran_out_uses_nothing_up() {
        ConstraintLock order = order(false, 2, true, SHORT);
        Event first = new Event(order, 0, 1);
        Event second = new Event(order, 1, 1);
        second.happen();
        assertEquals(1, second.counts().timeouts());
        first.happen();
        second.happen();
        assertEquals(1, second.counts().timeouts());
    }

    @Test
    void what_is_only_observed_never_waits_and_counts_what_came_too_early() {
        ConstraintLock order = order(false, 2, false, LONG);
        Event first = new Event(order, 0, 1);
        Event second = new Event(order, 1, 1);
        first.hook.mode(RegionHook.Mode.OBSERVE);
        second.hook.mode(RegionHook.Mode.OBSERVE);
        second.happen();
        second.happen();
        assertEquals(2, second.counts().overlaps());
        first.happen();
        second.happen();
        assertEquals(2, second.counts().overlaps());
        assertEquals(3, second.counts().hits());
        assertEquals(0, second.counts().contended());
    }

    @Test
    void an_observed_event_that_ran_ahead_has_used_up_the_completion_that_follows() {
        ConstraintLock order = order(false, 2, true, LONG);
        Event first = new Event(order, 0, 1);
        Event second = new Event(order, 1, 1);
        second.hook.mode(RegionHook.Mode.OBSERVE);
        second.happen();
        first.happen();
        first.happen();
        second.happen();
        assertEquals(1, second.counts().overlaps());
        second.happen();
        assertEquals(2, second.counts().overlaps());
    }

    @Test
    void what_happened_before_the_observation_began_is_not_counted_for_ever() {
        ConstraintLock order = order(false, 2, false, 1);
        new Event(order, 0, 1);
        Event second = new Event(order, 1, 1);
        second.hook.mode(RegionHook.Mode.OBSERVE);
        second.happen();
        Threads.until("the bound has passed", () -> {
            second.happen();
            return second.counts().timeouts() == 1;
        });
        long overlaps = second.counts().overlaps();
        second.happen();
        assertEquals(overlaps, second.counts().overlaps());
    }

    @Test
    void a_hook_that_is_turned_off_lets_its_waits_go() {
        ConstraintLock order = order(false, 2, false, LONG);
        new Event(order, 0, 1);
        Event second = new Event(order, 1, 1);
        Threads.Started<Hold> waiting = Threads.start(() -> second.arrive());
        Threads.untilWaiting(waiting.thread);
        second.hook.mode(RegionHook.Mode.PASS);
        assertNull(waiting.get());
        assertNull(second.arrive());
        assertEquals(0, second.counts().timeouts());
        assertEquals(0, second.hook.tokensOut());
    }

    @Test
    void at_shutdown_everybody_passes() {
        ConstraintLock order = order(true, 2, false, LONG);
        new Event(order, 0, 1);
        Event second = new Event(order, 1, 1);
        Threads.Started<Void> waiting = Threads.start(() -> second.happen("key"));
        Threads.untilWaiting(waiting.thread);
        try {
            HookRegistry.passAll(true);
            waiting.get();
        } finally {
            HookRegistry.passAll(false);
        }
    }

    @Test
    void after_a_new_start_nothing_has_happened() {
        for (boolean keyed : new boolean[] {false, true}) {
            ConstraintLock order = order(keyed, 2, false, SHORT);
            Object[] key = keyed ? new Object[] {"k"} : new Object[0];
            Event first = new Event(order, 0, 1);
            Event second = new Event(order, 1, 1);
            first.happen(key);
            order.restart();
            second.happen(key);
            assertEquals(1, second.counts().timeouts());
        }
    }

    @Test
    void a_wait_gives_back_an_interrupt_and_a_permit() {
        ConstraintLock order = order(false, 2, false, LONG);
        Event first = new Event(order, 0, 1);
        Event second = new Event(order, 1, 1);
        AtomicBoolean flag = new AtomicBoolean();
        Threads.Started<Boolean> waiting = Threads.start(() -> {
            second.happen();
            boolean interrupted = Thread.interrupted();
            while (!flag.get()) {
                LockSupport.park();
            }
            return interrupted;
        });
        Threads.untilWaiting(waiting.thread);
        waiting.thread.interrupt();
        Threads.until("the interrupt is seen", () -> !waiting.thread.isInterrupted());
        flag.set(true);
        LockSupport.unpark(waiting.thread);
        first.happen();
        assertTrue(waiting.get());
    }

    @Test
    void a_virtual_thread_waits_too() {
        ConstraintLock order = order(false, 2, false, LONG);
        Event first = new Event(order, 0, 1);
        Event second = new Event(order, 1, 1);
        Threads.Started<Boolean> waiting = Threads.startVirtual(() -> {
            second.happen();
            return true;
        });
        Threads.untilWaiting(waiting.thread);
        first.happen();
        assertTrue(waiting.get());
    }

    @Test
    void the_guard_sees_the_wait_and_knows_of_nobody_in_its_way() {
        ConstraintLock order = order(false, 2, false, LONG);
        Event first = new Event(order, 0, 1);
        Event second = new Event(order, 1, 1);
        Threads.Started<Void> waiting = Threads.start(() -> second.happen());
        Threads.untilWaiting(waiting.thread);
        LockWait wait = LockWait.longerThan(0).stream().filter(w -> w.hook() == second.hook).findFirst().orElseThrow();
        assertEquals(List.of(), wait.blockers());
        wait.letPass();
        waiting.get();
        assertEquals(1, second.counts().bypasses());
        assertFalse(((OrderState) order).key(KeyKind.NONE, 0, null).edges[0].open);
        first.happen();
    }

    @Test
    void an_open_latch_is_passed_without_an_allocation() {
        com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        for (Object key : new Object[] {null, "key", 7, new Object()}) {
            ConstraintLock order = order(true, 3, false, LONG);
            Event[] events = {new Event(order, 0, 1), new Event(order, 1, 1), new Event(order, 2, 1)};
            for (Event event : events) {
                event.happen(new Object[] {key});
            }
            for (int i = 0; i < 1_000; i++) {
                pass(key, events);
            }
            long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
            for (int i = 0; i < 1_000; i++) {
                pass(key, events);
            }
            long bytes = threads.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
            assertTrue(bytes < 1_000, bytes + " bytes for 1000 passes with key " + key);
        }
    }

    private static void pass(Object key, Event[] events) {
        for (Event event : events) {
            int kind = KeyKind.of(key);
            KeyedEntry entry = (KeyedEntry) event.hook;
            Hooks.completed(entry.enter(null, kind, KeyKind.bits(kind, key), KeyKind.reference(kind, key)));
        }
    }
}
