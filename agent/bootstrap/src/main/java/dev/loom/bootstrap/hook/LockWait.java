package dev.loom.bootstrap.hook;

import dev.loom.bootstrap.wait.Wait;
import dev.loom.bootstrap.wait.WaitRegistry;
import java.util.ArrayList;
import java.util.List;

/** An entry that waits for its lock, or an event that waits for the one before it. Other waits know more. */
public class LockWait extends Wait {

    private volatile ConstraintLock lock;

    public LockWait(ConstraintLock lock, RegionHook hook, Thread thread, long since) {
        super(hook, thread, since);
        this.lock = lock;
    }

    /** The waits that have lasted so long, or longer. */
    public static List<LockWait> longerThan(long nanos) {
        List<LockWait> waits = new ArrayList<>();
        for (Wait wait : WaitRegistry.longerThan(nanos)) {
            waits.add((LockWait) wait);
        }
        return waits;
    }

    /** The hook that it waits in; null for a thread at a poll that does not stand yet. */
    public final RegionHook hook() {
        return (RegionHook) listener();
    }

    /** The lock that it waits for. */
    public final ConstraintLock lock() {
        return lock;
    }

    /** Whether the thread waits at a poll, because another is in a region that excludes all others; not at an entry. */
    public boolean isAtPoll() {
        return false;
    }

    /** Says what a thread at a poll stops for. */
    public final void isFor(ConstraintLock someLock, RegionHook someHook) {
        lock = someLock;
        listener(someHook);
    }
}
