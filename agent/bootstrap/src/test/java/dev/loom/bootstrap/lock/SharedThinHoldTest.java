package dev.loom.bootstrap.lock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.loom.bootstrap.ConstraintLocks;
import dev.loom.bootstrap.Hold;
import dev.loom.bootstrap.Hooks;
import dev.loom.bootstrap.Threads;
import dev.loom.bootstrap.Woven;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The cheap hold of a lock with a shared side and no key, and what becomes of it once someone else comes. */
class SharedThinHoldTest {

    private final KeyedLock lock = (KeyedLock) ConstraintLocks.of("c", false, true, false);
    private final Woven readers = Woven.enforcing(lock, 0, true);
    private final Woven writers = Woven.enforcing(lock, 1, false);

    @AfterEach
    void nothing_is_left() {
        assertEquals(List.of(), lock.holders());
        assertEquals(0, readers.hook.tokensOut() + writers.hook.tokensOut());
    }

    private static Hold thinly(Woven region) {
        return assertInstanceOf(ThinHold.class, region.enter(), "somebody is inside, or was a moment ago");
    }

    private static Threads.Started<Void> briefly(Woven region) {
        return Threads.start(() -> region.run(() -> { }));
    }

    @Test
    void one_of_the_same_side_comes_inside_together_with_it() {
        Hold hold = thinly(readers);
        briefly(readers).get();
        assertEquals(List.of(Thread.currentThread()), lock.holders());
        Hooks.exit(hold, 1);
        assertEquals(2, readers.hook.counts().hits());
    }

    @Test
    void one_of_another_side_waits_until_it_is_released() {
        Hold hold = thinly(readers);
        Threads.Started<Void> writer = briefly(writers);
        Threads.untilWaiting(writer.thread);
        Hooks.exit(hold, 1);
        writer.get();
    }

    @Test
    void its_exit_leaves_those_in_that_came_meanwhile() {
        Hold first = thinly(readers);
        Threads.Started<Hold> second = Threads.start(() -> readers.enter());
        Hold others = second.get();
        Hooks.exit(first, 1);
        Threads.Started<Void> writer = briefly(writers);
        Threads.untilWaiting(writer.thread);
        Threads.until("the other reader has ended inside", () -> lock.freeDead() == 1);
        writer.get();
        Hooks.exit(others, 1);
    }

    @Test
    void an_exclusive_one_is_thin_as_well_and_keeps_readers_out() {
        Hold hold = thinly(writers);
        Threads.Started<Void> reader = briefly(readers);
        Threads.untilWaiting(reader.thread);
        Hooks.exit(hold, 1);
        reader.get();
    }

    @Test
    void an_exit_that_found_no_stack_is_made_up_for_by_who_needs_the_lock() {
        Hold hold = thinly(readers);
        hold.postponed = 1; // as Hooks notes it
        briefly(readers).get();
        briefly(writers).get();
        assertEquals(List.of(), lock.holders());
    }

    @Test
    void of_readers_that_met_the_next_ones_are_not_thin_but_those_that_stay_alone_are_again() {
        Hold hold = thinly(readers);
        briefly(readers).get();
        Hooks.exit(hold, 1);
        assertInstanceOf(Holder.class, readers.enter());
        Hooks.exit(lockHold(), 1);
        for (int i = 0; i < 1_000; i++) {
            readers.run(() -> { });
        }
        Hooks.exit(thinly(readers), 1);
    }

    /** What the calling thread holds. */
    private Hold lockHold() {
        return lock.stripe(0).home.find(Thread.currentThread());
    }
}
