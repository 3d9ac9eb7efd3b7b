package dev.loom.benchmarks;

import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/** The same short region, without a lock of its own, and with locks written by hand. */
final class Locks {

    private static final ReentrantLock ALL = new ReentrantLock();
    private static final Locks ONE = new Locks();
    private static final Locks[] MANY = new Locks[1_000];

    static {
        for (int i = 0; i < MANY.length; i++) {
            MANY[i] = new Locks();
        }
    }

    private final ReentrantLock own = new ReentrantLock();
    private long x = 88172645463325252L;

    /** What the filter {@code atomic Locks#region} is for. */
    void region() {
        work();
    }

    /** What the filter {@code atomic Locks#keyed by this} is for. */
    void keyed() {
        work();
    }

    void lockForAll() {
        ALL.lock();
        try {
            work();
        } finally {
            ALL.unlock();
        }
    }

    void lockOfItsOwn() {
        own.lock();
        try {
            work();
        } finally {
            own.unlock();
        }
    }

    synchronized void monitor() {
        work();
    }

    private void work() {
        x ^= x << 13;
        x ^= x >>> 7;
        x ^= x << 17;
    }

    /** A thousand turns of one of them, by name, for one thread; on one object, or {@code -many} on any of a thousand. */
    static Workload of(String name) {
        return switch (name) {
            case "none", "atomic" -> () -> {
                for (int i = 0; i < 1_000; i++) {
                    ONE.region();
                }
                return ONE.x;
            };
            case "atomic-keyed" -> () -> {
                for (int i = 0; i < 1_000; i++) {
                    ONE.keyed();
                }
                return ONE.x;
            };
            case "reentrant" -> () -> {
                for (int i = 0; i < 1_000; i++) {
                    ONE.lockForAll();
                }
                return ONE.x;
            };
            case "reentrant-own" -> () -> {
                for (int i = 0; i < 1_000; i++) {
                    ONE.lockOfItsOwn();
                }
                return ONE.x;
            };
            case "synchronized" -> () -> {
                for (int i = 0; i < 1_000; i++) {
                    ONE.monitor();
                }
                return ONE.x;
            };
            case "none-many", "atomic-keyed-many" -> many(Locks::keyed);
            case "reentrant-many" -> many(Locks::lockOfItsOwn);
            case "synchronized-many" -> many(Locks::monitor);
            default -> throw new IllegalArgumentException(name);
        };
    }

    private static Workload many(Consumer<Locks> entry) {
        long[] random = {System.nanoTime() | 1};
        return () -> {
            long next = random[0];
            for (int i = 0; i < 1_000; i++) {
                next ^= next << 13;
                next ^= next >>> 7;
                next ^= next << 17;
                entry.accept(MANY[(int) ((next >>> 32) * MANY.length >>> 32)]);
            }
            random[0] = next;
            return next;
        };
    }
}
