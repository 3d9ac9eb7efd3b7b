package dev.loom.bootstrap.lock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.loom.bootstrap.ConstraintLocks;
import dev.loom.bootstrap.Faults;
import dev.loom.bootstrap.Hold;
import dev.loom.bootstrap.HookRegistry;
import dev.loom.bootstrap.Hooks;
import dev.loom.bootstrap.Threads;
import dev.loom.bootstrap.Woven;
import dev.loom.bootstrap.hook.ConstraintLock;
import dev.loom.bootstrap.hook.RegionHook;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class KeyTest {

    private static final String ME = "dev/loom/bootstrap/lock/KeyTest";

    /** What woven code never runs. */
    private static final class Untouchable {
        @Override
        public boolean equals(Object other) {
            throw new AssertionError("equals called");
        }

        @Override
        public int hashCode() {
            throw new AssertionError("hashCode called");
        }

        @Override
        public String toString() {
            throw new AssertionError("toString called");
        }
    }

    static final class Node {
        private Node next;
        private long number;
        private final Object name;

        Node(Node next, long number, Object name) {
            this.next = next;
            this.number = number;
            this.name = name;
        }
    }

    private static long counter = 5;
    private static Node root = new Node(null, 9, "root");

    private final ConstraintLock lock = ConstraintLocks.of("c", true, false);

    @SuppressWarnings("removal")
    static Stream<Arguments> equalKeys() {
        Object same = new Untouchable();
        return Stream.of(
                Arguments.of(same, same),
                Arguments.of(null, null),
                Arguments.of(new StringBuilder("text").toString(), "text"),
                Arguments.of(1000, 1000L),
                Arguments.of((short) 7, (byte) 7),
                Arguments.of(1.5f, 1.5d),
                Arguments.of(Double.NaN, Float.NaN),
                Arguments.of('x', Character.valueOf('x')),
                Arguments.of(true, Boolean.TRUE),
                Arguments.of(TimeUnit.DAYS, TimeUnit.valueOf("DAYS")));
    }

    static Stream<Arguments> differentKeys() {
        return Stream.of(
                Arguments.of(new Untouchable(), new Untouchable()),
                Arguments.of(null, "null"),
                Arguments.of("a", "b"),
                Arguments.of("Aa", "BB"),
                Arguments.of(1L, 1L << 32),
                Arguments.of(0.0, -0.0),
                Arguments.of(1, 1.0),
                Arguments.of('a', 97),
                Arguments.of(true, 1),
                Arguments.of(List.of(1), List.of(1)),
                Arguments.of(TimeUnit.DAYS, TimeUnit.HOURS));
    }

    @ParameterizedTest
    @MethodSource("equalKeys")
    void equal_keys_exclude_each_other(Object one, Object two) {
        Woven region = Woven.keyed(lock, 0, false, Object.class);
        Hold hold = region.enter(one == null ? new Object[] {null} : new Object[] {one});
        assertSecondLevel(region.enter(new Object[] {two}));
        Hooks.exit(hold, 1);
        assertEquals(0, region.hook.tokensOut());
    }

    /** What a thread gets that has the key already. */
    private static void assertSecondLevel(Hold hold) {
        assertEquals(2, Hooks.depth(hold), "the keys are not taken for the same");
    }

    @ParameterizedTest
    @MethodSource("differentKeys")
    void different_keys_do_not(Object one, Object two) {
        Woven region = Woven.keyed(lock, 0, false, Object.class);
        Hold first = region.enter(new Object[] {one});
        Hold second = region.enter(new Object[] {two});
        assertNotSame(first, second);
        assertEquals(1, Hooks.depth(second), "a key of its own has a first level of its own");
        assertEquals(2, region.hook.tokensOut());
        Hooks.exit(second, 1);
        Hooks.exit(first, 1);
        assertEquals(0, region.hook.tokensOut());
    }

    @ParameterizedTest
    @MethodSource("primitives")
    void a_primitive_key_equals_its_box(Class<?> type, Object value) {
        Woven primitive = Woven.keyed(lock, 0, false, type);
        Woven boxed = Woven.keyed(lock, 1, false, Object.class);
        Hold hold = primitive.enter(value);
        assertSecondLevel(boxed.enter(value));
        Hooks.exit(hold, 1);
    }

    static Stream<Arguments> primitives() {
        return Stream.of(
                Arguments.of(int.class, -3), Arguments.of(long.class, 1L << 40), Arguments.of(short.class, (short) 4),
                Arguments.of(byte.class, (byte) -1), Arguments.of(char.class, 'c'), Arguments.of(boolean.class, true),
                Arguments.of(float.class, 0.1f), Arguments.of(double.class, 0.1d));
    }

    @ParameterizedTest
    @MethodSource("sources")
    void a_key_is_taken_from_where_the_filter_says(String source, Class<?> argument, Object value, Object expected) {
        long faults = Faults.total();
        RegionHook hook = HookRegistry.create(lock, 0, false, RegionHook.Mode.ENFORCE);
        Woven region = new Woven(hook, source, argument);
        Woven byValue = Woven.keyed(lock, 0, false, Object.class);
        Hold hold = argument == null ? region.enter() : region.enter(new Object[] {value});
        assertSecondLevel(byValue.enter(new Object[] {expected}));
        Hooks.exit(hold, 1);
        assertEquals(faults, Faults.total(), () -> "faults: " + Faults.recent());
        assertEquals(0, hook.tokensOut());
    }

    static Stream<Arguments> sources() {
        String node = ME + "$Node";
        Node leaf = new Node(null, 3, "leaf");
        return Stream.of(
                Arguments.of("arg|" + node + "#number#J", Object.class, leaf, 3L),
                Arguments.of("arg|" + node + "#name#Ljava/lang/Object;", Object.class, leaf, "leaf"),
                Arguments.of("arg|" + node + "#next#L" + node + ";|" + node + "#number#J", Object.class,
                        new Node(leaf, 0, null), 3),
                Arguments.of("arg|" + node + "#next#L" + node + ";|" + node + "#number#J", Object.class, leaf, null),
                Arguments.of("arg|" + node + "#next#L" + node + ";", Object.class, null, null),
                Arguments.of("static:" + ME + "#counter#J", null, null, 5),
                Arguments.of("static:" + ME + "#root#L" + node + ";", null, null, root),
                Arguments.of("static:" + ME + "#root#L" + node + ";|" + node + "#name#Ljava/lang/Object;", null, null, "root"),
                Arguments.of("class:" + ME, null, null, KeyTest.class),
                Arguments.of("lit:I:42", null, null, 42),
                Arguments.of("lit:D:0.5", null, null, 0.5),
                Arguments.of("lit:C:65", null, null, 'A'),
                Arguments.of("lit:Z:true", null, null, true),
                Arguments.of("lit:S:a|b#c", null, null, "a|b#c"));
    }

    @Test
    void a_private_field_of_the_jdk_that_is_not_open_makes_the_site_pass_with_a_fault() {
        RegionHook hook = HookRegistry.create(lock, 0, false, RegionHook.Mode.ENFORCE);
        long faults = Faults.count(Faults.Kind.LINK);
        Woven region = new Woven(hook, "arg|java/util/ArrayList#size#I", Object.class);
        assertNull(region.enter(new ArrayList<>()));
        assertEquals(faults + 2, Faults.count(Faults.Kind.LINK));
    }

    @Test
    void a_value_of_another_class_than_the_field_s_makes_the_entry_pass_with_a_fault() {
        RegionHook hook = HookRegistry.create(lock, 0, false, RegionHook.Mode.ENFORCE);
        long faults = Faults.count(Faults.Kind.KEY);
        Woven region = new Woven(hook, "arg|" + ME + "$Node#number#J", Object.class);
        assertNull(region.enter("no node"));
        assertEquals(faults + 1, Faults.count(Faults.Kind.KEY));
    }

    @Test
    void a_constraint_without_keys_takes_no_key_from_a_site_that_has_one() {
        Woven region = new Woven(
                HookRegistry.create(ConstraintLocks.of("c", false, false), 0, false, RegionHook.Mode.ENFORCE), "arg", int.class);
        Hold hold = region.enter(1);
        assertSame(hold, region.enter(2));
        Hooks.exit(hold, 1);
    }

    @Test
    void a_key_is_not_kept_alive() {
        Woven region = Woven.keyed(lock, 0, false, Object.class);
        List<WeakReference<Object>> keys = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            Object key = new Object();
            keys.add(new WeakReference<>(key));
            region.run(() -> { }, key);
        }
        Threads.until("keys are collected", () -> {
            System.gc();
            return keys.stream().allMatch(key -> key.get() == null);
        });
    }

    @Test
    void more_keys_may_be_held_at_once_than_there_are_stripes() {
        Woven region = Woven.keyed(lock, 0, false, int.class);
        List<Hold> holds = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            holds.add(region.enter(i));
        }
        assertEquals(2000, holds.stream().distinct().count());
        assertEquals(2000, ((KeyedLock) lock).entriesInUse());
        assertEquals(2000, region.hook.tokensOut());
        assertEquals(List.of(Thread.currentThread()), lock.holders());
        holds.forEach(hold -> Hooks.exit(hold, 1));
        assertEquals(0, ((KeyedLock) lock).entriesInUse());
    }
}
