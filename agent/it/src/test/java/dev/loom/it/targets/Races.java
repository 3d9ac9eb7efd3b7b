package dev.loom.it.targets;

import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * Workers that race for some things, and share others as they should. With the argument {@code virtual} they are virtual threads. Command {@code
 * late}: from now on they use a class that was not loaded before.
 */
public final class Races {

    private static final Account ACCOUNT = new Account();
    private static final Map<String, Integer> UNLOCKED = new HashMap<>();
    private static final Map<String, Integer> LOCKED = Collections.synchronizedMap(new HashMap<>());

    private static final Recent OWN = new Recent();
    private static final Map<String, Integer> OWN_LOCKED = new Locked();
    private static final Torn TORN = new Torn();

    private static final AtomicBoolean LATE = new AtomicBoolean();

    private Races() {}

    public static void main(String[] arguments) throws Exception {
        for (String name : new String[] {"a", "b"}) {
            Bench.Work work = worker -> {
                while (!worker.isStopped()) {
                    turn(name);
                    worker.beat();
                    LockSupport.parkNanos(20_000);
                }
            };
            if (arguments.length > 0) {
                Thread.class.getMethod("startVirtualThread", Runnable.class).invoke(null, Bench.prepare(name, work));
            } else {
                Bench.work(name, work);
            }
        }
        Bench.commands(text -> {
            LATE.set(true);
            return "done";
        });
        Bench.run();
    }

    private static void turn(String name) {
        ACCOUNT.unlocked();
        ACCOUNT.locked();
        ACCOUNT.published();
        register(name);
        StringBuilder own = new StringBuilder();
        own.append(name).append(ACCOUNT.initial);
        LOCKED.put(own.toString(), 1);
        TORN.renew(name);
        OWN.put(name, 1);
        OWN_LOCKED.put(name, 1);
        ACCOUNT.whole();
        if (LATE.get()) {
            Late.count();
        }
    }

    /** The same two keys again and again, so that a torn map does not stop a worker. */
    private static void register(String name) {
        UNLOCKED.put(name, 1);
    }

    /** What both use. */
    static final class Account {
        private int balance;
        private int guarded;
        private int kept;
        private volatile int version;
        /** Only a constructor writes it. */
        private int initial;

        Account() {
            initial = 7;
        }

        void unlocked() {
            balance = balance + 1;
        }

        synchronized void locked() {
            guarded = guarded + 1;
        }

        /** Two accesses under one lock. */
        synchronized void whole() {
            int seen = kept();
            kept = seen + 1;
        }

        private synchronized int kept() {
            return kept;
        }

        void published() {
            version++;
        }
    }

    /** A collection of the application that is no safer than the JDK's. */
    static final class Recent extends LinkedHashMap<String, Integer> {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Integer> eldest) {
            return size() > 100;
        }
    }

    /** One that is. */
    static final class Locked extends HashMap<String, Integer> {
        @Override
        public synchronized Integer put(String key, Integer value) {
            return super.put(key, value);
        }
    }

    /** Each access is safe by itself. */
    static final class Torn {
        private final Map<String, Integer> registered = new ConcurrentHashMap<>();
        private int sum;

        void renew(String name) {
            add();
            if (registered.containsKey("key")) {
                registered.remove("key");
            } else {
                registered.putIfAbsent("key", 1);
            }
            // about what nobody else is about
            if (!registered.containsKey(name)) {
                registered.put(name, 1);
            }
        }

        private void add() {
            int seen = get();
            // long enough that the other comes in between by itself
            LockSupport.parkNanos(300_000);
            set(seen + 1);
        }

        private synchronized int get() {
            return sum;
        }

        private synchronized void set(int value) {
            sum = value;
        }
    }

    /** Loads when it is used first, its initializer takes a while, and then both count in it. */
    static final class Late {
        private static int sum;

        static {
            sum = 1;
            LockSupport.parkNanos(300_000_000);
            sum = 2;
        }

        static void count() {
            sum = sum + 1;
        }
    }
}
