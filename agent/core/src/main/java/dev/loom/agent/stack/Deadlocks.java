package dev.loom.agent.stack;

import java.lang.management.ThreadInfo;
import java.util.ArrayList;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds platform threads of the application that wait for each other, so that none of them goes on by itself.
 *
 * <p>Each thread that waits for a monitor or a lock of {@code java.util.concurrent} waits for one other. A chain of such waits that comes
 * back to itself is a deadlock if every wait in it lasted without a break from one look to another: the JVM counts the waits of each
 * thread, so an equal number tells. One look alone may join what never was at the same moment. Virtual threads are not seen. Used by one
 * thread.
 */
public final class Deadlocks {

    /** Time between the first look at a wait and the one that believes it, ns. */
    private static final long APART = 200_000_000;

    private Map<Thread, Wait> known = new IdentityHashMap<>();

    /**
     * A thread waits for what another has.
     *
     * @param isMonitor whether it is a monitor: nothing but its release ends that wait, while a wait for a lock may be interruptible
     * @param count how many waits of its kind the thread has begun
     */
    private record Wait(Thread thread, Thread owner, boolean isMonitor, String lock, long count, long since) {

        boolean isSameAs(Wait other) {
            return owner == other.owner && isMonitor == other.isMonitor && count == other.count && lock.equals(other.lock);
        }

        @Override
        public String toString() {
            return "'" + thread.getName() + "' waits for the " + (isMonitor ? "monitor " : "lock ") + lock + ", which '" + owner.getName()
                    + "' has";
        }
    }

    /**
     * Why a thread never goes on.
     *
     * @param isForGood whether nothing can end it: all that it waits for, directly or not, are monitors
     * @param cycle the threads that wait for each other, a line each
     */
    public record Deadlock(boolean isForGood, List<String> cycle) {}

    /** Which of some threads are in a deadlock, or wait for one that is. Two calls that lie some time apart are needed to find one. */
    public Map<Thread, Deadlock> look(Collection<Thread> threads) {
        List<Thread> platform = Threads.platform();
        Map<Thread, Wait> now = new IdentityHashMap<>();
        Map<Thread, Deadlock> found = new IdentityHashMap<>();
        for (Thread thread : threads) {
            Deadlock deadlock = follow(thread, platform, now);
            if (deadlock != null) {
                found.put(thread, deadlock);
            }
        }
        known = now;
        return found;
    }

    private @Nullable Deadlock follow(Thread from, List<Thread> platform, Map<Thread, Wait> now) {
        List<Wait> path = new ArrayList<>();
        boolean isLasting = true;
        boolean isForGood = true;
        Thread at = from;
        while (true) {
            Wait wait = now.containsKey(at) ? now.get(at) : waitOf(at, platform);
            if (wait == null) {
                return null;
            }
            now.put(at, wait);
            isLasting &= System.nanoTime() - wait.since() >= APART;
            isForGood &= wait.isMonitor();
            int first = indexOf(path, at);
            if (first >= 0) {
                return isLasting ? new Deadlock(isForGood, path.subList(first, path.size()).stream().map(Wait::toString).toList()) : null;
            }
            path.add(wait);
            at = wait.owner();
        }
    }

    private static int indexOf(List<Wait> path, Thread thread) {
        for (int i = 0; i < path.size(); i++) {
            if (path.get(i).thread() == thread) {
                return i;
            }
        }
        return -1;
    }

    private @Nullable Wait waitOf(Thread thread, List<Thread> platform) {
        ThreadInfo info = Threads.info(thread, 0);
        if (info == null || info.getLockInfo() == null) {
            return null;
        }
        boolean isMonitor = info.getThreadState() == Thread.State.BLOCKED;
        if (!isMonitor && info.getThreadState() != Thread.State.WAITING) {
            return null;
        }
        Thread owner = Threads.ownerOf(info, platform);
        if (owner == null) {
            return null;
        }
        long count = isMonitor ? info.getBlockedCount() : info.getWaitedCount();
        Wait wait = new Wait(thread, owner, isMonitor, info.getLockInfo().toString(), count, System.nanoTime());
        Wait before = known.get(thread);
        return before != null && before.isSameAs(wait) ? before : wait;
    }
}
