package dev.loom.benchmarks;

import java.util.concurrent.locks.ReentrantLock;

/** The same short region, without a lock of its own, and with locks written by hand. */
final class Locks {

    private static final ReentrantLock ALL = new ReentrantLock();
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

    /** A thousand turns of one of them, by name. */
    static Workload of(String name) {
        Locks locks = new Locks();
        return switch (name) {
            case "none", "atomic" -> () -> {
                for (int i = 0; i < 1_000; i++) {
                    locks.region();
                }
                return locks.x;
            };
            case "atomic-keyed" -> () -> {
                for (int i = 0; i < 1_000; i++) {
                    locks.keyed();
                }
                return locks.x;
            };
            case "reentrant" -> () -> {
                for (int i = 0; i < 1_000; i++) {
                    locks.lockForAll();
                }
                return locks.x;
            };
            case "reentrant-own" -> () -> {
                for (int i = 0; i < 1_000; i++) {
                    locks.lockOfItsOwn();
                }
                return locks.x;
            };
            case "synchronized" -> () -> {
                for (int i = 0; i < 1_000; i++) {
                    locks.monitor();
                }
                return locks.x;
            };
            default -> throw new IllegalArgumentException(name);
        };
    }
}
