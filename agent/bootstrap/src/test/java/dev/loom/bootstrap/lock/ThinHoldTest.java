package dev.loom.bootstrap.lock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.loom.bootstrap.ConstraintLocks;
import dev.loom.bootstrap.Hold;
import dev.loom.bootstrap.Hooks;
import dev.loom.bootstrap.Threads;
import dev.loom.bootstrap.Woven;
import dev.loom.bootstrap.hook.KeyKind;
import dev.loom.bootstrap.hook.RegionHook;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The cheap hold of a key, and what becomes of it once someone else has to do with its stripe. */
class ThinHoldTest {

    private final KeyedLock lock = (KeyedLock) ConstraintLocks.of("c", true, false, false);
    private final Woven region = Woven.keyed(lock, 0, false, long.class);
    private final Woven other = Woven.keyed(lock, 1, false, long.class);

    @AfterEach
    void nothing_is_left() {
        assertEquals(List.of(), lock.holders());
        assertEquals(0, lock.entriesInUse());
        assertEquals(0, region.hook.tokensOut() + other.hook.tokensOut());
    }

    private Hold enterThinly(long key) {
        return assertInstanceOf(ThinHold.class, region.enter(key), "the key's stripe is not idle");
    }

    /** Another key that falls into the same stripe. */
    private long companionOf(long key) {
        KeyStripe stripe = stripeOf(key);
        long companion = key + 1;
        while (stripeOf(companion) != stripe) {
            companion++;
        }
        return companion;
    }

    private KeyStripe stripeOf(long key) {
        return lock.stripe(KeyKind.hash(KeyKind.INTEGRAL, key, null));
    }

    private Threads.Started<Void> enterBriefly(Woven entered, long key) {
        return Threads.start(() -> entered.run(() -> { }, key));
    }

    @Test
    void one_who_comes_meanwhile_waits_until_it_is_released() {
        Hold hold = enterThinly(7);
        Threads.Started<Void> second = enterBriefly(other, 7);
        Threads.untilWaiting(second.thread);
        assertEquals(List.of(Thread.currentThread()), Threads.waitOf(second.thread).blockers());
        Hooks.exit(hold, Hooks.depth(hold));
        second.get();
    }

    @Test
    void another_key_of_the_stripe_goes_past_it() {
        Hold hold = enterThinly(7);
        enterBriefly(region, companionOf(7)).get();
        assertEquals(1, region.hook.tokensOut());
        Hooks.exit(hold, 1);
        Hooks.exit(enterThinly(7), 1);
    }

    @Test
    void a_thread_may_have_two_keys_of_a_stripe_and_release_them_in_any_order() {
        Hold first = enterThinly(7);
        Hold second = region.enter(companionOf(7));
        assertNotSame(first, second);
        Hooks.exit(first, 1);
        enterBriefly(other, 7).get();
        Threads.Started<Void> later = enterBriefly(other, companionOf(7));
        Threads.untilWaiting(later.thread);
        Hooks.exit(second, 1);
        later.get();
    }

    @Test
    void it_is_held_until_its_own_exit_however_often_it_is_entered_again() {
        Hold hold = enterThinly(7);
        Hold inner = other.enter(7L);
        assertEquals(2, Hooks.depth(inner));
        Hooks.exit(inner, 2);
        Threads.Started<Void> second = enterBriefly(region, 7);
        Threads.untilWaiting(second.thread);
        Hooks.exit(hold, 1);
        second.get();
    }

    @Test
    void its_exit_makes_up_for_inner_ones_that_were_lost() {
        Hold hold = enterThinly(7);
        other.enter(7L);
        other.enter(7L);
        Hooks.exit(hold, 1);
        enterBriefly(region, 7).get();
    }

    @Test
    void released_before_an_inner_one_it_leaves_that_one_in_force() {
        Hold hold = enterThinly(7);
        Hold inner = other.enter(7L);
        Hooks.exitOne(hold, 1);
        Threads.Started<Void> second = enterBriefly(region, 7);
        Threads.untilWaiting(second.thread);
        Hooks.exitOne(inner, 2);
        second.get();
    }

    @Test
    void another_thread_cannot_release_it() {
        Hold hold = enterThinly(7);
        Threads.start(() -> Hooks.exit(hold, 1)).get();
        assertEquals(1, region.hook.tokensOut());
        Threads.start(() -> Hooks.exit(hold, 1)).get();
        assertEquals(List.of(Thread.currentThread()), lock.holders());
        Hooks.exit(hold, 1);
        Hooks.exit(hold, 1);
    }

    @Test
    void an_exit_that_found_no_stack_is_made_up_for_by_who_needs_the_key() {
        Hold hold = enterThinly(7);
        hold.postponed = 1; // as Hooks notes it
        enterBriefly(region, 7).get();
        assertSame(hold, enterThinly(7));
        Hooks.exit(hold, 1);
    }

    @Test
    void of_exits_of_several_levels_that_found_no_stack_the_outermost_stands_for_all() {
        Hold hold = enterThinly(7);
        region.enter(7L);
        Hold innermost = region.enter(7L);
        innermost.postponed = 3;
        hold.postponed = 1;
        enterBriefly(region, 7).get();
    }

    @Test
    void a_note_of_an_exit_that_came_after_all_is_not_taken_for_one_of_the_next() {
        Hold hold = enterThinly(7);
        hold.postponed = 1;
        Hooks.exit(hold, 1);
        enterThinly(7);
        Threads.Started<Void> second = enterBriefly(region, 7);
        Threads.untilWaiting(second.thread);
        Hooks.exit(hold, 1);
        second.get();
    }

    @Test
    void what_a_thread_left_behind_is_freed() {
        Threads.start(() -> enterThinly(7)).get();
        Threads.until("its thread has ended", () -> lock.freeDead() == 1);
        enterThinly(8);
        assertEquals(true, lock.freeLost(Thread.currentThread()));
        assertFalse(lock.freeLost(Thread.currentThread()));
    }

    @Test
    void entries_of_each_hook_are_told_exactly() {
        for (int i = 0; i < 300; i++) {
            Woven entered = i % 3 == 0 ? other : region;
            Hooks.exit(entered.enter((long) i % 5), 1);
        }
        assertEquals(200, region.hook.counts().hits());
        assertEquals(100, other.hook.counts().hits());
        region.hook.resetCounts();
        Hooks.exit(enterThinly(1), 1);
        assertEquals(1, region.hook.counts().hits());
    }

    @Test
    void a_hook_that_was_turned_off_leaves_none() {
        Hold hold = enterThinly(7);
        region.hook.mode(RegionHook.Mode.PASS);
        assertEquals(1, region.hook.tokensOut());
        assertEquals(null, region.enter(7L));
        Hooks.exit(hold, 1);
    }
}
