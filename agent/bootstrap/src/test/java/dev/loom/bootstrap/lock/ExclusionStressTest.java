package dev.loom.bootstrap.lock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.loom.bootstrap.ConstraintLocks;
import dev.loom.bootstrap.Faults;
import dev.loom.bootstrap.Hold;
import dev.loom.bootstrap.Hooks;
import dev.loom.bootstrap.Threads;
import dev.loom.bootstrap.Woven;
import dev.loom.bootstrap.hook.ConstraintLock;
import dev.loom.bootstrap.hook.RegionHook;
import dev.loom.bootstrap.wait.Wait;
import dev.loom.bootstrap.wait.WaitRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random use of each kind of lock by many threads, against two oracles that share no code with it: nobody is inside together with
 * someone that the constraint excludes, and in the end nothing is left behind.
 */
class ExclusionStressTest {

    private static final int THREADS = 8;
    private static final int OPERATIONS = 4_000;

    private long faults;

    @BeforeEach
    void countFaults() {
        faults = Faults.total();
    }

    @AfterEach
    void noFault() {
        assertEquals(faults, Faults.total(), () -> "faults: " + Faults.recent());
    }

    /** A constraint: which sides are shared, and how many keys there are; 0 for none. */
    record Shape(String name, int keys, boolean... shared) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Shape> shapes() {
        return Stream.of(
                new Shape("exclusive", 0, false, false),
                new Shape("shared against exclusive", 0, true, false),
                new Shape("two shared sides and an exclusive one", 0, true, true, false),
                new Shape("keyed", 5, false, false),
                new Shape("keyed, many keys", 3000, false),
                new Shape("keyed, shared sides", 5, true, true, false));
    }

    /** Who is inside, for one key. */
    private static final class Occupancy {
        final AtomicInteger[] inside;
        /** Entries of exclusive sides, counted without any protection but the lock. */
        long unprotected;
        final AtomicLong exclusiveEntries = new AtomicLong();

        Occupancy(int sides) {
            inside = new AtomicInteger[sides];
            for (int i = 0; i < sides; i++) {
                inside[i] = new AtomicInteger();
            }
        }

        void enter(Shape shape, int side) {
            int mine = inside[side].incrementAndGet();
            for (int other = 0; other < inside.length; other++) {
                int count = other == side ? mine - 1 : inside[other].get();
                if (count > 0 && !(other == side && shape.shared[side])) {
                    throw new AssertionError("side " + side + " is inside with " + count + " of side " + other);
                }
            }
            if (!shape.shared[side]) {
                exclusiveEntries.incrementAndGet();
                unprotected++;
            }
        }

        void leave(int side) {
            inside[side].decrementAndGet();
        }
    }

    private static final class Run {
        final Shape shape;
        final ConstraintLock lock;
        final List<Woven> regions = new ArrayList<>();
        final Occupancy[] occupancies;

        Run(Shape shape) {
            this.shape = shape;
            this.lock = ConstraintLocks.of(shape.name, shape.keys > 0, shape.shared);
            for (int side = 0; side < shape.shared.length; side++) {
                regions.add(shape.keys > 0
                        ? Woven.keyed(lock, side, shape.shared[side], long.class)
                        : Woven.enforcing(lock, side, shape.shared[side]));
            }
            occupancies = new Occupancy[Math.max(1, shape.keys)];
            for (int i = 0; i < occupancies.length; i++) {
                occupancies[i] = new Occupancy(shape.shared.length);
            }
        }

        Object[] key(int key) {
            return shape.keys == 0 ? new Object[0] : new Object[] {(long) key};
        }

        void work(int seed) {
            Random random = new Random(seed);
            for (int i = 0; i < OPERATIONS; i++) {
                int key = random.nextInt(occupancies.length);
                int side = random.nextInt(shape.shared.length);
                Woven region = regions.get(side);
                Hold hold = region.enter(key(key));
                assertNotNull(hold, "there is nothing to bypass");
                int depth = Hooks.depth(hold);
                assertEquals(1, depth);
                occupancies[key].enter(shape, side);
                inside(random, key, side);
                occupancies[key].leave(side);
                Hooks.exit(hold, depth);
            }
        }

        /** Does the kind of things that code in a region does. */
        private void inside(Random random, int key, int side) {
            switch (random.nextInt(16)) {
                case 0 -> Thread.yield();
                case 1 -> LockSupport.parkNanos(1);
                case 2 -> Hooks.exit(enterDeeper(random, key, side), 2);
                case 3 -> enterDeeper(random, key, side);
                case 4 -> {
                    Hold second = enterDeeper(random, key, side);
                    Hold third = regions.get(side).enter(key(key));
                    Hooks.exitOne(second, 2);
                    Hooks.exitOne(third, 3);
                }
                default -> { }
            }
        }

        /** From an exclusive side into any; from a shared side into itself, for the rest is an upgrade. */
        private Hold enterDeeper(Random random, int key, int side) {
            int inner = shape.shared[side] ? side : random.nextInt(shape.shared.length);
            Hold hold = regions.get(inner).enter(key(key));
            assertEquals(2, Hooks.depth(hold));
            return hold;
        }

        void assertNothingLeft() {
            assertEquals(List.of(), lock.holders());
            assertEquals(0, lock.freeDead());
            for (Woven region : regions) {
                assertEquals(0, region.hook.tokensOut());
                assertEquals(0, region.hook.counts().bypasses());
            }
            if (lock instanceof KeyedLock table) {
                assertEquals(0, table.entriesInUse(), "no key is retained");
            }
            for (Occupancy occupancy : occupancies) {
                assertEquals(occupancy.exclusiveEntries.get(), occupancy.unprotected, "lost updates");
            }
            assertEquals(List.of(), WaitRegistry.longerThan(0));
        }
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void nobody_is_inside_with_someone_excluded_and_nothing_is_left(Shape shape) {
        Run run = new Run(shape);
        Threads.startAll(THREADS, run::work);
        run.assertNothingLeft();
        long hits = run.regions.stream().mapToLong(region -> region.hook.counts().hits()).sum();
        assertTrue(hits >= (long) THREADS * OPERATIONS, "hits are not lost: " + hits);
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void virtual_threads_too(Shape shape) {
        Run run = new Run(shape);
        List<Threads.Started<Void>> all = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            int seed = i;
            all.add(Threads.startVirtual(() -> {
                run.work(seed);
                return null;
            }));
        }
        all.forEach(Threads.Started::get);
        run.assertNothingLeft();
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void hooks_turned_on_and_off_and_waits_let_go_at_random_leave_nothing(Shape shape) {
        Run run = new Run(shape);
        AtomicInteger running = new AtomicInteger(THREADS);
        Threads.Started<Void> meddler = Threads.start(() -> {
            Random random = new Random(99);
            while (running.get() > 0) {
                RegionHook hook = run.regions.get(random.nextInt(run.regions.size())).hook;
                hook.mode(RegionHook.Mode.values()[random.nextInt(3)]);
                for (Wait wait : WaitRegistry.longerThan(0)) {
                    if (random.nextInt(3) == 0) {
                        wait.letPass();
                    }
                }
                run.lock.freeDead();
                LockSupport.parkNanos(20_000);
            }
        });
        Threads.startAll(THREADS, number -> {
            try {
                Random random = new Random(number);
                for (int i = 0; i < OPERATIONS / 2; i++) {
                    Object[] key = run.key(random.nextInt(run.occupancies.length));
                    Woven region = run.regions.get(random.nextInt(run.regions.size()));
                    Hold hold = region.enter(key);
                    int depth = Hooks.depth(hold);
                    // upgrades too: the meddler breaks their deadlocks
                    Hold inner = run.regions.get(random.nextInt(run.regions.size())).enter(key);
                    int innerDepth = Hooks.depth(inner);
                    if (random.nextInt(4) == 0) {
                        Thread.yield();
                    }
                    // taken in different modes they are two holds, and the outer exit does not stand for both
                    boolean one = hold == inner || hold instanceof ExclusiveHold && inner instanceof ExclusiveHold;
                    if (!one || random.nextInt(8) != 0) {
                        Hooks.exit(inner, innerDepth);
                    }
                    Hooks.exit(hold, depth);
                }
            } finally {
                running.decrementAndGet();
            }
        });
        meddler.get();
        for (Woven region : run.regions) {
            region.hook.mode(RegionHook.Mode.PASS);
        }
        assertEquals(List.of(), run.lock.holders());
        for (Woven region : run.regions) {
            assertEquals(0, region.hook.tokensOut());
        }
        assertEquals(List.of(), WaitRegistry.longerThan(0));
    }
}
