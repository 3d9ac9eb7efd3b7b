package dev.loom.races;

import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/** The hand-written equivalent of a filter, round the calls into the library: the control that must show no failure. */
final class Exclusion {

    private final ReentrantReadWriteLock lock;

    private Exclusion(ReentrantReadWriteLock lock) {
        this.lock = lock;
    }

    static Exclusion none() {
        return new Exclusion(null);
    }

    static Exclusion lock() {
        return new Exclusion(new ReentrantReadWriteLock(true));
    }

    boolean isOn() {
        return lock != null;
    }

    <E extends Exception> void alone(Body<E> body) throws E {
        run(lock == null ? null : lock.writeLock(), body);
    }

    <E extends Exception> void shared(Body<E> body) throws E {
        run(lock == null ? null : lock.readLock(), body);
    }

    private static <E extends Exception> void run(Lock lock, Body<E> body) throws E {
        if (lock == null) {
            body.run();
            return;
        }
        lock.lock();
        try {
            body.run();
        } finally {
            lock.unlock();
        }
    }

    /** Calls into the library. */
    interface Body<E extends Exception> {
        void run() throws E;
    }
}
