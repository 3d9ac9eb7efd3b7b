package dev.loom.bootstrap.lock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.loom.bootstrap.ConstraintLocks;
import dev.loom.bootstrap.Hold;
import dev.loom.bootstrap.Hooks;
import dev.loom.bootstrap.Threads;
import dev.loom.bootstrap.Woven;
import dev.loom.bootstrap.hook.ConstraintLock;
import dev.loom.bootstrap.hook.RegionHook;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ReplaceTest {

    static Stream<Arguments> versions() {
        return Stream.of(
                Arguments.of(Woven.enforcing(exclusive(), 0, false), Woven.enforcing(exclusive(), 0, false), new Object[0]),
                Arguments.of(Woven.enforcing(exclusive(), 0, false), Woven.enforcing(group(), 1, false), new Object[0]),
                Arguments.of(Woven.enforcing(group(), 0, true), Woven.enforcing(exclusive(), 0, false), new Object[0]),
                Arguments.of(Woven.enforcing(exclusive(), 0, false), Woven.keyed(keyed(), 0, false, int.class), new Object[] {3}),
                Arguments.of(Woven.keyed(keyed(), 0, false, int.class), Woven.keyed(keyed(), 0, false, int.class),
                        new Object[] {3}));
    }

    private static ConstraintLock exclusive() {
        return ConstraintLocks.of("exclusive", false, false);
    }

    private static ConstraintLock group() {
        return ConstraintLocks.of("group", false, true, false);
    }

    private static ConstraintLock keyed() {
        return ConstraintLocks.of("keyed", true, false);
    }

    private static Object[] keyFor(Woven region, Object[] key) {
        return region.hook.lock().keyed() ? key : new Object[0];
    }

    @ParameterizedTest
    @MethodSource("versions")
    void entries_of_the_new_version_wait_for_frames_of_the_old_one_and_exclude_each_other(Woven old, Woven now, Object[] key) {
        now.hook.takeFirst(old.hook.lock());
        Hold inOld = old.enter(keyFor(old, key));
        Threads.Started<Void> newcomer = Threads.start(() -> now.run(() -> { }, key));
        if (!old.hook.shared()) {
            Threads.untilWaiting(newcomer.thread);
            assertEquals(List.of(Thread.currentThread()), Threads.waitOf(newcomer.thread).blockers());
        }
        Hooks.exit(inOld, 1);
        newcomer.get();

        Hold hold = now.enter(key);
        assertEquals(1, Hooks.depth(hold));
        Hold inner = now.enter(key);
        assertEquals(2, Hooks.depth(inner));
        assertEquals(List.of(Thread.currentThread()), old.hook.lock().holders());
        assertEquals(List.of(Thread.currentThread()), now.hook.lock().holders());
        assertEquals(0, old.hook.tokensOut(), "what the new version holds of the old lock is not the old version's");
        Hooks.exit(hold, 1);
        assertEquals(List.of(), old.hook.lock().holders());
        assertEquals(List.of(), now.hook.lock().holders());
        assertEquals(3, now.hook.counts().hits());

        now.hook.takeFirst(null);
        Hold last = now.enter(key);
        assertEquals(List.of(), old.hook.lock().holders());
        Hooks.exit(last, 1);
        assertEquals(0, now.hook.tokensOut());
    }

    @Test
    void turned_off_while_it_waits_for_its_own_lock_an_entry_gives_the_old_one_back() {
        Woven old = Woven.enforcing(exclusive(), 0, false);
        Woven now = Woven.enforcing(exclusive(), 0, false);
        Hold hold = now.enter();
        now.hook.takeFirst(old.hook.lock());
        Threads.Started<Hold> other = Threads.start(() -> now.enter());
        Threads.untilWaiting(other.thread);
        now.hook.mode(RegionHook.Mode.PASS);
        Hold theirs = other.get();
        Hooks.exit(hold, 1);
        assertEquals(List.of(), old.hook.lock().holders());
        assertNull(theirs);
        assertEquals(0, now.hook.tokensOut());
    }

    @Test
    void a_lock_that_needs_a_key_cannot_come_before_one_that_has_none() {
        Woven now = Woven.enforcing(exclusive(), 0, false);
        assertThrows(IllegalArgumentException.class, () -> now.hook.takeFirst(keyed()));
        assertThrows(IllegalArgumentException.class, () -> now.hook.takeFirst(now.hook.lock()));
    }
}
