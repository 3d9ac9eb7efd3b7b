package dev.loom.console.thread;

import dev.loom.client.DumpedLock;
import dev.loom.client.DumpedThread;
import dev.loom.client.ThreadDump;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which threads of a dump wait for which.
 *
 * @param deadlocks each a cycle
 * @param contended the locks that threads wait for, those of most threads first
 */
public record LockGraph(List<Deadlock> deadlocks, List<Contended> contended) {

    public LockGraph {
        deadlocks = List.copyOf(deadlocks);
        contended = List.copyOf(contended);
    }

    /** Threads each of which waits for what the next holds, and the last for what the first holds. */
    public record Deadlock(List<DumpedThread> threads) {

        /** Whether one of them gives up after a time, which ends it. */
        public boolean mayEnd() {
            return threads.stream().anyMatch(DumpedThread::isTimed);
        }
    }

    /**
     * A lock and who waits for it.
     *
     * @param owner null where the thread that holds it is not in the dump
     */
    public record Contended(DumpedLock lock, @Nullable DumpedThread owner, List<DumpedThread> waiting) {}

    /** Reads it out of a dump. */
    public static LockGraph of(ThreadDump dump) {
        Map<Long, DumpedThread> byId = new HashMap<>();
        dump.threads().forEach(thread -> byId.put(thread.id(), thread));
        return new LockGraph(deadlocks(dump, byId), contended(dump, byId));
    }

    /** Numbers of all threads in a deadlock. */
    Set<Long> deadlocked() {
        Set<Long> ids = new HashSet<>();
        deadlocks.forEach(deadlock -> deadlock.threads().forEach(thread -> ids.add(thread.id())));
        return ids;
    }

    private static List<Deadlock> deadlocks(ThreadDump dump, Map<Long, DumpedThread> byId) {
        List<Deadlock> found = new ArrayList<>();
        Set<Long> seen = new HashSet<>();
        for (DumpedThread start : dump.threads()) {
            List<DumpedThread> path = new ArrayList<>();
            DumpedThread at = start;
            while (at != null && seen.add(at.id())) {
                path.add(at);
                at = at.isInWait() ? byId.get(at.owner()) : null;
            }
            int begin = at == null ? -1 : path.indexOf(at);
            if (begin >= 0) {
                found.add(new Deadlock(List.copyOf(path.subList(begin, path.size()))));
            }
        }
        return found;
    }

    private static List<Contended> contended(ThreadDump dump, Map<Long, DumpedThread> byId) {
        Map<DumpedLock, List<DumpedThread>> waiting = new LinkedHashMap<>();
        dump.threads().stream().filter(DumpedThread::isInWait)
                .forEach(thread -> waiting.computeIfAbsent(Objects.requireNonNull(thread.lock()), lock -> new ArrayList<>()).add(thread));
        return waiting.entrySet().stream().map(e -> new Contended(e.getKey(), byId.get(e.getValue().get(0).owner()), e.getValue()))
                .sorted(Comparator.comparing((Contended c) -> -c.waiting().size())).toList();
    }
}
