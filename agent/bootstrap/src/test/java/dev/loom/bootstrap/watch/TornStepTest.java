package dev.loom.bootstrap.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.loom.bootstrap.Faults;
import dev.loom.bootstrap.Threads;
import dev.loom.bootstrap.Watch;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.Vector;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Steps of one call with somebody in between are seen, and no others. Code here does what woven code does: it says what it is about to use. */
class TornStepTest {

    /** Long enough that what can be seen would have been seen many times, ms. */
    private static final long LONG = 400;

    private static final Map<Object, Object> SAFE_MAP = new ConcurrentHashMap<>();

    private static final Map<Object, Object> WRAPPED = Collections.synchronizedMap(new HashMap<>());
    private static final Set<Class<?>> SAFE = Set.of(ConcurrentHashMap.class, Vector.class, WRAPPED.getClass(), WRAPPED.keySet().getClass());

    private final RaceSearch search = new RaceSearch(new ObjectTypes(Set.of(HashMap.class), SAFE), 0.5);
    private final WatchedPlace read = search.add("Account.balance", WatchedPlace.READS);
    private final WatchedPlace write = search.add("Account.balance", WatchedPlace.WRITES);
    private final WatchedPlace get = search.add("map", WatchedPlace.READS | WatchedPlace.CALL);
    private final WatchedPlace put = search.add("map", WatchedPlace.WRITES | WatchedPlace.CALL);
    private final WatchedPlace putIfAbsent = search.add("map", WatchedPlace.WRITES | WatchedPlace.CALL | WatchedPlace.CHECKS);
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

    // ---- what is seen ---------------------------------------------------------------------------------------------------------

    /** Each access under the lock, the step in two. */
    private final class Account {

        void add() {
            int seen = get();
            LockSupport.parkNanos(1_000);
            set(seen + 1);
        }

        synchronized int get() {
            Watch.at(this, read.number());
            return 0;
        }

        synchronized void set(int value) {
            Watch.at(this, write.number());
        }

        synchronized void addAtOnce() {
            set(get() + 1);
        }
    }

    @Test
    void accesses_that_are_each_under_a_lock_with_another_in_between() {
        Account account = new Account();
        until(this::isSeen, account::add, account::add);
        TornStep torn = search.torn().get(0);
        assertEquals(read, torn.first().place());
        assertEquals(write, torn.between().place());
        assertEquals(write, torn.second().place());
        assertEquals("add", torn.first().stack()[torn.depth()].getMethodName());
        assertEquals(List.of("get", "set", "set"), List.of(top(torn.first()), top(torn.between()), top(torn.second())));
        assertTrue(torn.first().holdsMonitor());
        assertEquals(Account.class.getName(), torn.type());
        assertEquals(List.of(), search.collisions(), "no data race");
    }

    @Test
    void a_look_and_a_change_of_a_concurrent_map_that_are_about_the_same_key() {
        Runnable checkThenAct = () -> {
            Watch.at(SAFE_MAP, "key", get.number());
            Watch.at(SAFE_MAP, new String("key"), put.number());
        };
        until(this::isSeen, checkThenAct, checkThenAct);
        assertEquals(List.of(), search.collisions(), "the map is safe, the step is not");
    }

    @Test
    void and_a_synchronized_map_whose_monitor_is_held_for_each_call_alone() {
        Map<String, String> map = Collections.synchronizedMap(new HashMap<>());
        Runnable checkThenAct = () -> {
            Watch.at(map, "key", get.number());
            Watch.at(map, "key", put.number());
        };
        until(this::isSeen, checkThenAct, checkThenAct);
    }

    // ---- what is not ----------------------------------------------------------------------------------------------------------

    @Test
    void steps_that_are_made_under_one_lock_are_whole() {
        Account account = new Account();
        unseen(account::addAtOnce, account::addAtOnce);
        assertTrue(write.arrivals() > 0);
    }

    @Test
    void neither_is_one_torn_by_another_object_or_key_nor_by_one_that_looks_again() {
        unseen(() -> {
            Watch.at(SAFE_MAP, "mine", get.number());
            Watch.at(SAFE_MAP, "mine", put.number());
        }, () -> {
            Watch.at(SAFE_MAP, "yours", get.number());
            Watch.at(SAFE_MAP, "yours", put.number());
        }, () -> {
            Watch.at(SAFE_MAP, "all", get.number());
            Watch.at(SAFE_MAP, "all", putIfAbsent.number());
        }, () -> {
            Watch.at(SAFE_MAP, "all", get.number());
            Watch.at(SAFE_MAP, "all", putIfAbsent.number());
        });
    }

    /** The other stands in front of its call and waits in it: that it came is no sign that it got through. */
    @Test
    void calls_that_wait_inside_for_what_the_first_holds_are_not_in_between() {
        Vector<String> vector = new Vector<>();
        Map<String, String> map = Collections.synchronizedMap(new HashMap<>());
        Set<String> view = map.keySet();
        Runnable safe = () -> {
            synchronized (vector) {
                Watch.at(vector, get.number());
                Watch.at(vector, put.number());
            }
            synchronized (map) {
                Watch.at(view, get.number());
                Watch.at(view, put.number());
            }
        };
        Runnable other = () -> {
            Watch.at(vector, put.number());
            Watch.at(view, put.number());
        };
        unseen(safe, other);
    }

    /** Each is whole by itself; that the caller makes many is its own affair. */
    @Test
    void two_calls_of_a_method_are_not_one() {
        Account account = new Account();
        unseen(() -> {
            for (int i = 0; i < 10; i++) {
                account.addAtOnce();
            }
        }, account::addAtOnce);
    }

    // ---- harness --------------------------------------------------------------------------------------------------------------

    private boolean isSeen() {
        return !search.torn().isEmpty();
    }

    private static String top(Side side) {
        return side.stack()[0].getMethodName();
    }

    private void unseen(Runnable... bodies) {
        long end = System.nanoTime() + LONG * 1_000_000;
        until(() -> System.nanoTime() - end > 0, bodies);
        assertEquals(List.of(), search.torn().stream().map(t -> List.of(t.first().stack()[0], t.between().stack()[0], t.second().stack()[0])).toList());
    }

    private void until(BooleanSupplier enough, Runnable... bodies) {
        List<Threads.Started<Void>> threads = new ArrayList<>();
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
            search.sweep();
            LockSupport.parkNanos(500_000);
        }
        boolean is = enough.getAsBoolean();
        over.set(true);
        threads.forEach(Threads.Started::get);
        assertTrue(is, "not within 20 s");
    }
}
