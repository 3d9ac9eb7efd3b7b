package dev.loom.agent.guard;

import dev.loom.agent.support.AgentLog;
import dev.loom.agent.support.LoomThreads;
import dev.loom.bootstrap.Faults;
import dev.loom.bootstrap.hook.LockWait;
import dev.loom.bootstrap.wait.WaitRegistry;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One thread that wakes up when a hook of Loom's has waited for longer than a moment.
 *
 * <h2>Safety</h2>
 *
 * A wait is broken only if it can never end by itself, as far as can be told. A cycle has to be seen in two looks, with the same
 * waits and the same threads, since one look does not see all threads at the same moment. Without a cycle every holder has to stand
 * still in all looks of {@link #STUCK_NANOS}: blocked, waiting for a signal, or for a thread that stands still. A holder that runs,
 * sleeps, reads from outside, or waits for one that does, is left alone, for however long.
 *
 * <p>A hold may have been lost, by an error at the very end of its thread's stack: then its thread has no frame left that could
 * give it back. That is looked for where a wait has lasted as long, and such a hold is freed.
 *
 * <h2>Liveness</h2>
 *
 * One wait is broken at a time, the youngest of a cycle; what is left of the knot is seen by the next look.
 *
 * <h2>Failure</h2>
 *
 * A fault in here is logged, and the guard goes on with the next look.
 */
public final class DeadlockGuard implements AutoCloseable {

    /** Waits that are shorter are none of its business, ns. */
    private static final long LONG_WAIT = TimeUnit.MILLISECONDS.toNanos(50);
    /** Time between two looks while something waits, ns. */
    private static final long LOOK = TimeUnit.MILLISECONDS.toNanos(100);
    /** A wait all of whose holders stand still for so long is broken, ns. */
    private static final long STUCK_NANOS = TimeUnit.SECONDS.toNanos(10);
    /** Stacks of stuck holders are compared so often, ns. */
    private static final long STUCK_LOOK = TimeUnit.MILLISECONDS.toNanos(500);

    private final Consumer<BrokenWait> listener;
    private final LostHolds lostHolds;
    private final long patience;
    private final Thread thread;
    private volatile boolean closed;

    /** Waits that were in a cycle in the last look, with the cycle. */
    private Map<LockWait, List<Thread>> suspected = new IdentityHashMap<>();
    /** How the holders of a wait stand still, and for how long. */
    private Map<LockWait, Stuck> still = new IdentityHashMap<>();
    private long lastStuckLook;

    /**
     * How the holders of a wait stand still.
     *
     * @param observed time between looks that saw them so, ns; a gap in which the whole JVM was stopped counts as one look's time
     */
    private record Stuck(long observed, String how) {}

    private DeadlockGuard(Consumer<BrokenWait> listener, WovenFrames frames, long patience) {
        this.listener = listener;
        this.patience = patience;
        this.lostHolds = new LostHolds(frames, patience);
        thread = LoomThreads.daemon("guard", this::run);
    }

    /** Starts a guard that does not look for lost holds of live threads. The listener is called on its thread. */
    public static DeadlockGuard start(Consumer<BrokenWait> listener) {
        return start(listener, (lock, frame) -> true);
    }

    /** Starts the guard. The listener is called on its thread. */
    public static DeadlockGuard start(Consumer<BrokenWait> listener, WovenFrames frames) {
        return start(listener, frames, STUCK_NANOS);
    }

    /** @param patience what is said of 10 s elsewhere, ns */
    static DeadlockGuard start(Consumer<BrokenWait> listener, WovenFrames frames, long patience) {
        DeadlockGuard guard = new DeadlockGuard(listener, frames, patience);
        guard.thread.start();
        WaitRegistry.guardedBy(guard.thread);
        return guard;
    }

    private void run() {
        while (!closed) {
            boolean busy = false;
            try {
                busy = look();
            } catch (RuntimeException | Error e) {
                AgentLog.warn("a fault in the deadlock guard", e);
                busy = true;
            }
            if (busy) {
                LockSupport.parkNanos(this, LOOK);
            } else {
                LockSupport.park(this);
            }
        }
    }

    /** Looks once; returns whether there is something to look at again. */
    private boolean look() {
        List<LockWait> waits = LockWait.longerThan(LONG_WAIT);
        if (waits.isEmpty()) {
            suspected.clear();
            still.clear();
            lostHolds.clear();
            // one that has just begun will call again, but perhaps it has called already
            return !LockWait.longerThan(0).isEmpty();
        }
        for (LockWait wait : waits) {
            int dead = wait.lock().freeDead();
            if (dead > 0) {
                Faults.note(Faults.Kind.LOST_EXIT, "freed " + dead + " holds of ended threads or lost exits of " + wait.lock().name());
            }
        }
        lostHolds.free(waits);
        Blocking blocking = Blocking.around(waits);
        Map<LockWait, List<Thread>> cycles = new IdentityHashMap<>();
        for (LockWait wait : waits) {
            List<Thread> cycle = blocking.cycleThrough(wait);
            if (!cycle.isEmpty()) {
                cycles.put(wait, cycle);
            }
        }
        LockWait chosen = null;
        for (Map.Entry<LockWait, List<Thread>> entry : cycles.entrySet()) {
            if (sameThreads(entry.getValue(), suspected.get(entry.getKey())) && isRather(entry.getKey(), chosen)) {
                chosen = entry.getKey();
            }
        }
        if (chosen != null) {
            List<Thread> cycle = cycles.remove(chosen);
            pass(chosen, true, cycle.size() == 1
                    ? "thread '" + chosen.thread().getName() + "' waits for itself"
                    : "a cycle of " + cycle.size() + " threads", cycle, blocking);
        } else {
            standstill(waits, blocking);
        }
        suspected = cycles;
        return true;
    }

    /** A thread at a poll, which stands in nobody's way but the owner's, before one at an entry; then the youngest. */
    private static boolean isRather(LockWait wait, @Nullable LockWait chosen) {
        if (chosen == null || wait.isAtPoll() != chosen.isAtPoll()) {
            return chosen == null || wait.isAtPoll();
        }
        return wait.since() > chosen.since();
    }

    private static boolean sameThreads(List<Thread> one, List<Thread> other) {
        if (other == null || one.size() != other.size()) {
            return false;
        }
        for (int i = 0; i < one.size(); i++) {
            if (one.get(i) != other.get(i)) {
                return false;
            }
        }
        return true;
    }

    private void standstill(List<LockWait> waits, Blocking blocking) {
        long now = System.nanoTime();
        long pause = Math.min(STUCK_LOOK, patience / 10);
        long passed = now - lastStuckLook;
        if (passed < pause) {
            return;
        }
        lastStuckLook = now;
        Map<LockWait, Stuck> found = new IdentityHashMap<>();
        LockWait longest = null;
        for (LockWait wait : waits) {
            List<Thread> holders = wait.blockers();
            String how = how(holders, blocking);
            if (how == null) {
                continue;
            }
            Stuck before = still.get(wait);
            boolean isSame = before != null && before.how().equals(how);
            Stuck current = new Stuck(isSame ? before.observed() + Math.min(passed, 3 * pause) : 0, how);
            found.put(wait, current);
            if (current.observed() > patience && (longest == null || wait.since() < longest.since())) {
                longest = wait;
            }
        }
        if (longest != null) {
            found.remove(longest);
            List<Thread> concerned = new ArrayList<>(List.of(longest.thread()));
            concerned.addAll(longest.blockers());
            pass(longest, false, "all that hold the lock stand still for " + TimeUnit.NANOSECONDS.toSeconds(patience) + " s",
                    concerned, blocking);
        }
        still = found;
    }

    /** How all the holders stand still; null if one of them may go on by itself. */
    private static String how(List<Thread> holders, Blocking blocking) {
        if (holders.isEmpty()) {
            return null;
        }
        StringBuilder all = new StringBuilder();
        for (Thread holder : holders) {
            String how = blocking.standstill(holder);
            if (how == null) {
                return null;
            }
            all.append(System.identityHashCode(holder)).append(' ').append(how).append('\n');
        }
        return all.toString();
    }

    private void pass(LockWait wait, boolean proven, String how, List<Thread> concerned, Blocking blocking) {
        if (wait.ended()) {
            return;
        }
        List<String> stacks = blocking.stacks(concerned);
        String reason = wait.isAtPoll()
                ? "thread '" + wait.thread().getName() + "' was let go on while another is in the region of " + wait.lock().name()
                        + ": " + how
                : "thread '" + wait.thread().getName() + "' was let into a region of " + wait.lock().name() + " without the lock: " + how;
        AgentLog.warn(reason + "\n" + String.join("\n", stacks));
        try {
            listener.accept(new BrokenWait(wait.hook(), proven, reason, stacks));
        } finally {
            // last: whoever sees the thread go on finds the reason already told
            wait.letPass();
        }
    }

    /** Ends the guard. Waits that are left are nobody's business then: turn the hooks off before. */
    @Override
    public void close() {
        closed = true;
        WaitRegistry.guardedBy(null);
        LoomThreads.awaitEnd(thread);
    }
}
