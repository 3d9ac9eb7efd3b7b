package dev.loom.bootstrap.lock;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.loom.bootstrap.ConstraintLocks;
import dev.loom.bootstrap.Hold;
import dev.loom.bootstrap.HookRegistry;
import dev.loom.bootstrap.Hooks;
import dev.loom.bootstrap.Threads;
import dev.loom.bootstrap.Woven;
import dev.loom.bootstrap.hook.ConstraintLock;
import dev.loom.bootstrap.hook.RegionHook;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ObserveTest {

    /** A region that someone is in, one that someone else comes to, and whether they exclude each other. */
    static Stream<Arguments> encounters() {
        ConstraintLock exclusive = ConstraintLocks.of("exclusive", false, false);
        ConstraintLock group = ConstraintLocks.of("group", false, true, true, false);
        Woven readers = observing(group, 0, true);
        Woven others = observing(group, 1, true);
        Woven writers = observing(group, 2, false);
        return Stream.of(
                Arguments.of(observing(exclusive, 0, false), observing(exclusive, 0, false), true),
                Arguments.of(readers, readers, false),
                Arguments.of(readers, others, true),
                Arguments.of(readers, writers, true),
                Arguments.of(writers, readers, true),
                Arguments.of(writers, writers, true));
    }

    private static Woven observing(ConstraintLock lock, int side, boolean shared) {
        return new Woven(HookRegistry.create(lock, side, shared, RegionHook.Mode.OBSERVE));
    }

    @ParameterizedTest
    @MethodSource("encounters")
    void an_overlap_is_counted_and_nobody_waits(Woven mine, Woven theirs, boolean overlap) {
        mine.hook.resetCounts();
        theirs.hook.resetCounts();
        Hold hold = mine.enter();
        Threads.start(() -> theirs.run(() -> theirs.run(() -> { }))).get();
        Hooks.exit(hold, 1);
        assertEquals(overlap ? 1 : 0, theirs.hook.counts().overlaps());
        assertEquals(mine == theirs ? 3 : 2, theirs.hook.counts().hits());
        assertEquals(0, mine.hook.tokensOut() + theirs.hook.tokensOut());
        Threads.start(() -> theirs.run(() -> { })).get();
        assertEquals(overlap ? 1 : 0, theirs.hook.counts().overlaps(), "no one was inside any more");
    }

    @ParameterizedTest
    @MethodSource("encounters")
    void one_s_own_regions_do_not_overlap(Woven one, Woven two, boolean ignored) {
        one.hook.resetCounts();
        two.hook.resetCounts();
        one.run(() -> two.run(() -> { }));
        assertEquals(0, one.hook.counts().overlaps() + two.hook.counts().overlaps());
    }

    @ParameterizedTest
    @MethodSource("encounters")
    void a_hook_can_be_turned_to_enforce(Woven mine, Woven theirs, boolean overlap) {
        mine.hook.mode(RegionHook.Mode.ENFORCE);
        theirs.hook.mode(RegionHook.Mode.ENFORCE);
        try {
            Hold hold = mine.enter();
            Threads.Started<Void> other = Threads.start(() -> theirs.run(() -> { }));
            if (overlap) {
                Threads.untilWaiting(other.thread);
            } else {
                other.get();
            }
            Hooks.exit(hold, 1);
            other.get();
        } finally {
            mine.hook.mode(RegionHook.Mode.OBSERVE);
            theirs.hook.mode(RegionHook.Mode.OBSERVE);
        }
    }
}
