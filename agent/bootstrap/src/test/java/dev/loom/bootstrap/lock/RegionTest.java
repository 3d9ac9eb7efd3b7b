package dev.loom.bootstrap.lock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.loom.bootstrap.ConstraintLocks;
import dev.loom.bootstrap.Faults;
import dev.loom.bootstrap.Hold;
import dev.loom.bootstrap.HookRegistry;
import dev.loom.bootstrap.Hooks;
import dev.loom.bootstrap.Threads;
import dev.loom.bootstrap.Woven;
import dev.loom.bootstrap.hook.RegionHook;
import dev.loom.bootstrap.hook.UnprotectedHold;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RegionTest {

    private long faults;

    @BeforeEach
    void countFaults() {
        faults = Faults.total();
    }

    @AfterEach
    void noFault() {
        assertEquals(faults, Faults.total(), () -> "faults: " + Faults.recent());
    }

    static Stream<Arguments> exclusiveRegions() {
        return Stream.of(
                Arguments.of("exclusive", Woven.enforcing(ConstraintLocks.of("c", false, false), 0, false), new Object[0]),
                Arguments.of("group", Woven.enforcing(ConstraintLocks.of("c", false, false, true), 0, false), new Object[0]),
                Arguments.of("keyed", Woven.keyed(ConstraintLocks.of("c", true, false), 0, false, Object.class), new Object[] {"k"}),
                Arguments.of("keyed group", Woven.keyed(ConstraintLocks.of("c", true, false, true), 0, false, long.class),
                        new Object[] {7L}));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("exclusiveRegions")
    void another_thread_enters_only_when_the_first_has_left(String kind, Woven region, Object[] key) {
        Hold hold = region.enter(key);
        assertEquals(1, Hooks.depth(hold));
        Threads.Started<Integer> other = Threads.start(() -> {
            Hold own = region.enter(key);
            int depth = Hooks.depth(own);
            Hooks.exit(own, depth);
            return depth;
        });
        Threads.untilWaiting(other.thread);
        assertEquals(2, region.hook.tokensOut());
        Hooks.exit(hold, 1);
        assertEquals(1, other.get());
        assertEquals(0, region.hook.tokensOut());
        assertEquals(2, region.hook.counts().hits());
        assertEquals(1, region.hook.counts().contended());
        assertTrue(region.hook.counts().waitNanosMax() > 0);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("exclusiveRegions")
    void an_entry_inside_the_region_returns_the_hold_of_the_frame(String kind, Woven region, Object[] key) {
        Hold hold = region.enter(key);
        assertSame(hold, region.again(hold, key));
        assertEquals(1, Hooks.depth(hold));
        Hooks.exit(hold, 1);
        assertFree(region, key);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("exclusiveRegions")
    void a_thread_enters_again_and_leaves_level_by_level(String kind, Woven region, Object[] key) {
        Hold outer = region.enter(key);
        Hold inner = region.enter(key);
        assertEquals(2, Hooks.depth(inner));
        Hooks.exit(inner, 2);
        assertEquals(1, Hooks.depth(outer));
        assertTaken(region, key);
        Hooks.exit(outer, 1);
        assertFree(region, key);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("exclusiveRegions")
    void an_outer_exit_makes_up_for_inner_exits_that_were_lost(String kind, Woven region, Object[] key) {
        Hold outer = region.enter(key);
        region.enter(key);
        region.enter(key);
        Hooks.exit(outer, 1);
        assertFree(region, key);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("exclusiveRegions")
    void overlapping_regions_of_a_frame_are_left_one_by_one(String kind, Woven region, Object[] key) {
        Hold first = region.enter(key);
        Hold second = region.enter(key);
        Hooks.exitOne(first, 1);
        assertTaken(region, key);
        Hooks.exitOne(second, 2);
        assertFree(region, key);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("exclusiveRegions")
    void an_exit_whose_depth_was_not_remembered_releases_one_level(String kind, Woven region, Object[] key) {
        Hold outer = region.enter(key);
        Hooks.exit(region.enter(key), 0);
        assertTaken(region, key);
        Hooks.exit(outer, 0);
        assertFree(region, key);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("exclusiveRegions")
    void an_exit_too_many_releases_nothing(String kind, Woven region, Object[] key) {
        Hold hold = region.enter(key);
        Hooks.exit(hold, 1);
        Hooks.exit(hold, 1);
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch leave = new CountDownLatch(1);
        Threads.Started<Void> other = Threads.start(() -> region.run(
                () -> {
                    entered.countDown();
                    Threads.await(leave);
                },
                key));
        Threads.await(entered);
        Hooks.exit(hold, 1);
        Hooks.exitOne(hold, 1);
        assertEquals(List.of(other.thread), region.hook.lock().holders());
        leave.countDown();
        other.get();
        assertFree(region, key);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("exclusiveRegions")
    void a_hook_that_passes_acquires_nothing_but_gives_back_what_it_has(String kind, Woven region, Object[] key) {
        Hold hold = region.enter(key);
        region.hook.mode(RegionHook.Mode.PASS);
        assertNull(region.enter(key));
        assertEquals(1, region.hook.tokensOut());
        Hooks.exit(hold, 1);
        Hooks.exit(null, 0);
        assertEquals(0, region.hook.tokensOut());
        region.hook.mode(RegionHook.Mode.ENFORCE);
        assertFree(region, key);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("exclusiveRegions")
    void turning_a_hook_off_lets_its_waits_go_on(String kind, Woven region, Object[] key) {
        Hold hold = region.enter(key);
        Threads.Started<Hold> other = Threads.start(() -> region.enter(key));
        Threads.untilWaiting(other.thread);
        region.hook.mode(RegionHook.Mode.PASS);
        assertNull(other.get());
        assertEquals(0, region.hook.counts().bypasses());
        Hooks.exit(hold, 1);
        assertEquals(0, region.hook.tokensOut());
        region.hook.mode(RegionHook.Mode.ENFORCE);
        assertFree(region, key);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("exclusiveRegions")
    void a_hold_whose_thread_has_died_is_freed(String kind, Woven region, Object[] key) throws InterruptedException {
        Threads.Started<Hold> lost = Threads.start(() -> region.enter(key));
        assertNotNull(lost.get());
        lost.thread.join();
        Threads.Started<Integer> waiting = Threads.start(() -> Hooks.depth(region.enter(key)));
        Threads.untilWaiting(waiting.thread);
        assertEquals(1, region.hook.lock().freeDead());
        assertEquals(1, waiting.get());
        waiting.thread.join();
        assertEquals(0, region.hook.tokensOut(), "asking frees as well");
        assertEquals(faults + 1, Faults.total());
        faults++;
        assertFree(region, key);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("exclusiveRegions")
    void a_hold_that_its_thread_has_lost_can_be_freed_in_its_place(String kind, Woven region, Object[] key) {
        assertNotNull(region.enter(key));
        Threads.Started<Integer> other = Threads.start(() -> {
            Hold hold = region.enter(key);
            int depth = Hooks.depth(hold);
            Hooks.exit(hold, depth);
            return depth;
        });
        Threads.untilWaiting(other.thread);
        assertFalse(region.hook.lock().freeLost(other.thread));
        assertTrue(region.hook.lock().freeLost(Thread.currentThread()));
        assertEquals(1, other.get());
        assertFalse(region.hook.lock().freeLost(Thread.currentThread()));
        assertFree(region, key);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("exclusiveRegions")
    void numbers_can_be_set_to_0(String kind, Woven region, Object[] key) {
        region.run(() -> {}, key);
        region.hook.resetCounts();
        assertEquals(0, region.hook.counts().hits());
        region.run(() -> {}, key);
        assertEquals(1, region.hook.counts().hits());
    }

    @Test
    void the_hook_knows_the_frames_that_are_inside_without_the_lock() throws InterruptedException {
        Woven region = Woven.enforcing(ConstraintLocks.of("c", false, false), 0, false);
        Hold one = Hooks.unprotected(region.hook.id());
        Hold two = Hooks.unprotected(region.hook.id());
        assertSame(region.hook, ((UnprotectedHold) one).hook());
        assertEquals(List.of(two, one), region.hook.unprotected());
        assertSame(Thread.currentThread(), region.hook.unprotected().get(0).thread());
        assertSame(one, region.again(one));
        assertEquals(0, Hooks.depth(one));
        Hooks.exit(one, 0);
        assertEquals(List.of(two), region.hook.unprotected());
        Hold three = Hooks.unprotected(region.hook.id());
        Hooks.exitOne(two, 0);
        assertEquals(List.of(three), region.hook.unprotected());
        Hooks.exit(three, 0);
        assertEquals(List.of(), region.hook.unprotected());
        Thread gone = new Thread(() -> Hooks.unprotected(region.hook.id()));
        gone.start();
        gone.join();
        assertEquals(List.of(), region.hook.unprotected(), "a thread that has ended is nowhere");
        assertNull(Hooks.unprotected(-1));
    }

    @Test
    void a_site_of_a_hook_that_never_was_passes_and_counts_a_fault() throws Throwable {
        MethodType type = MethodType.methodType(Hold.class, Hold.class, int.class);
        var site = Hooks.enter(MethodHandles.lookup(), "enter", type, 1 << 29, "arg").getTarget();
        assertNull(site.invoke((Hold) null, 1));
        assertEquals(faults + 2, Faults.total());
        faults = Faults.total();
    }

    @Test
    void a_site_of_a_forgotten_hook_passes() throws Throwable {
        RegionHook hook = HookRegistry.create(ConstraintLocks.of("c", false, false), 0, false, RegionHook.Mode.ENFORCE);
        HookRegistry.unregister(hook.id());
        MethodType type = MethodType.methodType(Hold.class, Hold.class);
        assertNull((Hold) Hooks.enter(MethodHandles.lookup(), "enter", type, hook.id(), "").getTarget().invoke((Hold) null));
        assertFalse(HookRegistry.all().contains(hook));
    }

    @Test
    void at_shutdown_all_hooks_pass_and_all_waits_go_on() {
        Woven region = Woven.enforcing(ConstraintLocks.of("c", false, false), 0, false);
        Woven keyed = Woven.keyed(ConstraintLocks.of("c", true, true), 0, true, Object.class);
        Hold hold = region.enter();
        Threads.Started<Hold> other = Threads.start(() -> region.enter());
        Threads.untilWaiting(other.thread);
        try {
            HookRegistry.passAll(true);
            assertNull(other.get());
            assertNull(keyed.enter("k"));
            assertNull(Woven.enforcing(ConstraintLocks.of("c", false, false), 0, false).enter());
        } finally {
            HookRegistry.passAll(false);
        }
        Hooks.exit(hold, 1);
        assertFree(region);
    }

    private static void assertTaken(Woven region, Object... key) {
        Threads.Started<Hold> other = Threads.start(() -> region.enter(key));
        Threads.untilWaiting(other.thread);
        Threads.waitOf(other.thread).letPass();
        assertNull(other.get());
    }

    private static void assertFree(Woven region, Object... key) {
        assertEquals(0, region.hook.tokensOut());
        assertEquals(1, Threads.start(() -> {
            Hold hold = region.enter(key);
            int depth = Hooks.depth(hold);
            Hooks.exit(hold, depth);
            return depth;
        }).get());
    }
}
