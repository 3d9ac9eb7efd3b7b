package dev.loom.agent.guard;

import dev.loom.agent.support.AgentLog;
import dev.loom.bootstrap.Faults;
import dev.loom.bootstrap.HookRegistry;
import dev.loom.bootstrap.hook.ConstraintLock;
import dev.loom.bootstrap.hook.LockWait;
import dev.loom.bootstrap.hook.RegionHook;
import java.util.ArrayList;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds holds that no frame will ever give back. A hold is lost if its thread, while the hooks of the constraint count no entry, has no
 * woven frame in two looks that lie some time apart.
 */
final class LostHolds {

    private final WovenFrames frames;
    private final long patience;
    private Map<ConstraintLock, List<Suspect>> suspects = new IdentityHashMap<>();

    private record Suspect(Thread holder, long entries, long since) {}

    /** @param patience time between the looks, ns; also, how long someone must have waited for the lock */
    LostHolds(WovenFrames frames, long patience) {
        this.frames = frames;
        this.patience = patience;
    }

    void clear() {
        suspects.clear();
    }

    /** Looks at the holders of locks that have been waited for so long, and frees what is lost. */
    void free(Collection<LockWait> waits) {
        long now = System.nanoTime();
        Map<ConstraintLock, List<Suspect>> found = new IdentityHashMap<>();
        for (LockWait wait : waits) {
            ConstraintLock lock = wait.lock();
            if (now - wait.since() > patience && !found.containsKey(lock)) {
                found.put(lock, look(lock, now));
            }
        }
        suspects = found;
    }

    private List<Suspect> look(ConstraintLock lock, long now) {
        List<Suspect> found = new ArrayList<>();
        for (Thread holder : lock.holders()) {
            long entries = entries(lock);
            Suspect before = suspectOf(lock, holder);
            if (before != null && now - before.since() < patience && before.entries() == entries) {
                found.add(before);
            } else if (hasNoFrame(lock, holder) && entries(lock) == entries) {
                if (before == null || before.entries() != entries) {
                    found.add(new Suspect(holder, entries, now));
                } else if (lock.freeLost(holder)) {
                    String message = "thread '" + holder.getName() + "' held " + lock.name() + " and had left its regions: freed";
                    Faults.note(Faults.Kind.LOST_EXIT, message);
                    AgentLog.warn(message);
                }
            }
        }
        return found;
    }

    private Suspect suspectOf(ConstraintLock lock, Thread holder) {
        for (Suspect suspect : suspects.getOrDefault(lock, List.of())) {
            if (suspect.holder() == holder) {
                return suspect;
            }
        }
        return null;
    }

    private boolean hasNoFrame(ConstraintLock lock, Thread holder) {
        StackTraceElement[] stack = JvmThreads.wholeStack(holder);
        for (StackTraceElement frame : stack) {
            if (frames.mayHold(lock, frame)) {
                return false;
            }
        }
        return stack.length > 0;
    }

    private static long entries(ConstraintLock lock) {
        long sum = 0;
        for (RegionHook hook : HookRegistry.all()) {
            if (hook.lock() == lock) {
                sum += hook.counts().hits();
            }
        }
        return sum;
    }
}
