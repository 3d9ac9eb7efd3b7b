package dev.loom.bootstrap;

import java.util.concurrent.locks.AbstractQueuedSynchronizer;
import java.util.concurrent.locks.LockSupport;

/** The lock of a constraint without keys and shared sides. (First version: queued by the JDK's synchronizer.) */
final class ExclusiveLock extends AbstractQueuedSynchronizer implements ConstraintLock {
    private static final long serialVersionUID = 1L;

    private final String name;
    /** Levels the owner holds. */
    int depth;

    ExclusiveLock(String name) {
        this.name = name;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public boolean keyed() {
        return false;
    }

    boolean ownedBy(Thread thread) {
        return getExclusiveOwnerThread() == thread;
    }

    boolean tryFast(Thread me, int id) {
        if (compareAndSetState(0, id)) {
            setExclusiveOwnerThread(me);
            depth = 1;
            return true;
        }
        return false;
    }

    void enterContended(int id) {
        acquire(id);
        LockSupport.unpark(Thread.currentThread());
    }

    @Override
    protected boolean tryAcquire(int id) {
        return tryFast(Thread.currentThread(), id);
    }

    @Override
    protected boolean tryRelease(int ignored) {
        setExclusiveOwnerThread(null);
        setState(0);
        return true;
    }

    void releaseTo(int left) {
        if (depth > left) {
            depth = left;
            if (left <= 0) {
                release(0);
            }
        }
    }

    int holderId() {
        return getState();
    }
}
