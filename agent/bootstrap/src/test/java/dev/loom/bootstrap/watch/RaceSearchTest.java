package dev.loom.bootstrap.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.loom.bootstrap.ConstraintLocks;
import dev.loom.bootstrap.Faults;
import dev.loom.bootstrap.Hold;
import dev.loom.bootstrap.HookRegistry;
import dev.loom.bootstrap.Hooks;
import dev.loom.bootstrap.Threads;
import dev.loom.bootstrap.Watch;
import dev.loom.bootstrap.hook.RegionHook;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two threads at one object are seen, and only these; who pauses notices nothing but the time. */
class RaceSearchTest {

    /** Long enough that two threads that never meet would have met thousands of times, ms. */
    private static final long LONG = 400;

    private final RaceSearch search = new RaceSearch(new ObjectTypes(Set.of(HashMap.class), Set.of()), 0.5);
    private final WatchedPlace read = search.add("Account.balance", WatchedPlace.READS);
    private final WatchedPlace write = search.add("Account.balance", WatchedPlace.WRITES);
    private final WatchedPlace other = search.add("Account.other", WatchedPlace.WRITES);
    private final WatchedPlace call = search.add("map", WatchedPlace.WRITES | WatchedPlace.CALL);
    private final WatchedPlace ofClass = search.add("Account.total", WatchedPlace.WRITES | WatchedPlace.STATIC);
    private final AtomicBoolean over = new AtomicBoolean();
    private final long faults = Faults.total();

    @BeforeEach
    void begin() {
        search.begin();
    }

    @AfterEach
    void end() {
        over.set(true);
        search.end();
        assertEquals(faults, Faults.total());
    }

    @Test
    void a_write_and_a_read_of_one_object_are_seen_with_both_stacks() {
        Object account = new Object();
        until(() -> !search.collisions().isEmpty(), () -> Watch.at(account, read.number()), () -> Watch.at(account, write.number()));
        Collision collision = search.collisions().get(0);
        assertEquals(Set.of(read, write), Set.of(collision.paused().place(), collision.met().place()));
        assertEquals("java.lang.Object", collision.type());
        assertEquals(RaceSearchTest.class.getName(), collision.met().stack()[0].getClassName());
        assertEquals(RaceSearchTest.class.getName(), collision.paused().stack()[0].getClassName());
        assertTrue(search.used() > 0 && search.used() <= 0.5, "pauses took " + search.used());
    }

    @Test
    void threads_that_exclude_each_other_are_never_seen() {
        Object account = new Object();
        Object lock = new Object();
        during(LONG, () -> {
            synchronized (lock) {
                Watch.at(account, read.number());
            }
        }, () -> {
            synchronized (lock) {
                Watch.at(account, write.number());
            }
        });
        assertTrue(write.arrivals() > 0);
        assertEquals(0, search.collisions().size());
    }

    @Test
    void neither_are_two_reads_nor_two_objects_nor_two_fields_nor_one_thread() {
        Object account = new Object();
        during(LONG, () -> Watch.at(account, read.number()), () -> Watch.at(account, read.number()),
                () -> Watch.at(new Object(), write.number()), () -> Watch.at(account, other.number()));
        assertEquals(0, search.collisions().size());
        assertTrue(read.pauses() > 0 && other.pauses() > 0, "some have paused");
        assertTrue(write.pauses() <= 2, "nobody pauses for objects that no two threads have, but once");
    }

    @Test
    void a_call_counts_on_an_object_of_the_classes_given_alone() {
        Object safe = new ArrayList<>();
        during(LONG, () -> Watch.at(safe, call.number()), () -> Watch.at(safe, call.number()));
        assertEquals(0, search.collisions().size());
        Object map = new HashMap<>();
        until(() -> !search.collisions().isEmpty(), () -> Watch.at(map, call.number()), () -> Watch.at(map, call.number()));
        assertEquals("java.util.HashMap", search.collisions().get(0).type());
    }

    /** Others wait for it inside the instruction: see RaceSearch. */
    static final class Initialized {
        static {
            RaceSearchTest.inside.run();
        }

        static void use() {}
    }

    private static volatile Runnable inside = () -> {};

    @Test
    void a_static_field_counts_once_its_class_is_initialized() {
        Class<?> type = Initialized.class;
        AtomicBoolean go = new AtomicBoolean();
        inside = () -> {
            while (!go.get()) {
                search.arm(ofClass);
                Watch.at(type, ofClass.number());
            }
        };
        Threads.Started<Void> initializing = Threads.start((Runnable) Initialized::use);
        during(LONG, () -> Watch.at(type, ofClass.number()));
        assertEquals(0, search.collisions().size());
        assertEquals(0, ofClass.pauses(), "nobody pauses in an initializer");
        go.set(true);
        initializing.get();
        until(() -> !search.collisions().isEmpty(), () -> Watch.at(type, ofClass.number()), () -> Watch.at(type, ofClass.number()));
    }

    @Test
    void a_thread_in_a_region_of_a_filter_does_not_pause_but_is_seen_by_one_that_does() throws Throwable {
        Object account = new Object();
        RegionHook hook = HookRegistry.create(ConstraintLocks.of("r <> r", false, false), 0, false, RegionHook.Mode.ENFORCE);
        MethodHandle enter = Hooks.enter(MethodHandles.lookup(), "enter", MethodType.methodType(Hold.class, Hold.class), hook.id(), "")
                .dynamicInvoker();
        Runnable inRegion = () -> {
            Hold hold;
            try {
                hold = (Hold) enter.invokeExact((Hold) null);
            } catch (Throwable t) {
                throw new IllegalStateException(t);
            }
            Watch.at(account, write.number());
            Hooks.exit(hold, 1);
        };
        during(LONG, inRegion, inRegion);
        assertEquals(0, search.collisions().size());
        assertEquals(0, write.pauses());
        until(() -> !search.collisions().isEmpty(), inRegion, () -> Watch.at(account, read.number()));
        HookRegistry.unregister(hook.id());
    }

    @Test
    void a_pause_gives_back_a_permit_and_leaves_an_interrupt() {
        Object account = new Object();
        Threads.start(() -> {
            for (int i = 0; i < 20; i++) {
                LockSupport.unpark(Thread.currentThread());
                search.arm(write);
                Watch.at(account, write.number());
                LockSupport.park(); // for ever, if the permit is gone
            }
            Thread.currentThread().interrupt();
            search.arm(write);
            Watch.at(account, write.number());
            assertTrue(Thread.currentThread().isInterrupted());
        }).get();
    }

    @Test
    void what_is_over_is_not_looked_at_and_a_second_search_does_not_begin() {
        assertThrows(IllegalStateException.class, () -> new RaceSearch(new ObjectTypes(Set.of(), Set.of()), 0.1).begin());
        search.arm(write);
        search.end();
        Watch.at(new Object(), write.number());
        assertEquals(0, write.arrivals());
        RaceSearch next = new RaceSearch(new ObjectTypes(Set.of(), Set.of()), 0.1);
        WatchedPlace place = next.add("Account.balance", WatchedPlace.WRITES);
        next.begin();
        next.arm(place);
        Watch.at(new Object(), write.number()); // a frame of code from before
        assertEquals(0, place.arrivals());
        assertFalse(write.number() == place.number());
        next.end();
    }

    @Test
    void pauses_take_no_more_than_their_share() {
        search.share(0.02);
        Object account = new Object();
        during(LONG, () -> Watch.at(account, write.number()), () -> Watch.at(account, read.number()));
        // one that the machine woke late may come on top
        assertTrue(search.used() < 0.1, "pauses took " + search.used());
    }

    private void during(long millis, Runnable... bodies) {
        long end = System.nanoTime() + millis * 1_000_000;
        until(() -> System.nanoTime() - end > 0, bodies);
    }

    /** Has threads do something again and again, with all places armed, until something is so. */
    private void until(BooleanSupplier enough, Runnable... bodies) {
        over.set(false);
        var threads = new ArrayList<Threads.Started<Void>>();
        for (Runnable body : bodies) {
            threads.add(Threads.start(() -> {
                while (!over.get()) {
                    body.run();
                }
            }));
        }
        long end = System.nanoTime() + 20_000_000_000L;
        while (!enough.getAsBoolean() && System.nanoTime() - end < 0) {
            search.places().forEach(search::arm);
            LockSupport.parkNanos(500_000);
        }
        boolean is = enough.getAsBoolean();
        over.set(true);
        threads.forEach(Threads.Started::get);
        assertTrue(is, "not within 20 s");
    }
}
