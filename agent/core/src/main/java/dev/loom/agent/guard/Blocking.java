package dev.loom.agent.guard;

import dev.loom.bootstrap.hook.LockWait;
import java.lang.management.ThreadInfo;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who keeps whom from going on, at one moment: Loom's own record of its waits, joined with what the JVM knows of platform threads
 * (monitors, exclusive {@code java.util.concurrent} locks, {@code Thread.join}).
 *
 * <p>Threads are told apart by identity: a subclass of the application's may have an {@code equals} of its own, and nothing of the
 * application's is called here.
 */
final class Blocking {

    /** Longest cycle that is followed. */
    private static final int LONGEST = 512;

    private final JvmThreads jvm = new JvmThreads();
    private final Map<Thread, LockWait> waits = new IdentityHashMap<>();
    private final Map<Thread, List<Thread>> edges = new IdentityHashMap<>();

    private Blocking() {}

    /** Looks at the threads that the given waits depend on, and at those that these depend on, and so on. */
    static Blocking around(Collection<LockWait> all) {
        Blocking blocking = new Blocking();
        List<Thread> next = new ArrayList<>();
        for (LockWait wait : all) {
            blocking.waits.put(wait.thread(), wait);
            next.add(wait.thread());
        }
        while (!next.isEmpty()) {
            List<Thread> now = next;
            next = new ArrayList<>();
            for (Thread thread : now) {
                if (!blocking.edges.containsKey(thread)) {
                    List<Thread> blockers = blocking.findBlockers(thread);
                    blocking.edges.put(thread, blockers);
                    next.addAll(blockers);
                }
            }
        }
        return blocking;
    }

    private List<Thread> findBlockers(Thread thread) {
        LockWait wait = waits.get(thread);
        if (wait != null && !wait.ended()) {
            return wait.blockers();
        }
        Thread one = jvm.blockerOf(thread);
        return one == null ? List.of() : List.of(one);
    }

    /** The threads that keep a thread from going on; it waits for all of them. */
    private List<Thread> blockersOf(Thread thread) {
        return edges.getOrDefault(thread, List.of());
    }

    /** A cycle through the given wait, itself first; empty if there is none. */
    List<Thread> cycleThrough(LockWait wait) {
        List<Thread> path = new ArrayList<>();
        return search(wait.thread(), wait.thread(), path, new IdentityHashMap<>()) ? path : List.of();
    }

    private boolean search(Thread from, Thread goal, List<Thread> path, Map<Thread, Boolean> seen) {
        if (path.size() > LONGEST) {
            return false;
        }
        path.add(from);
        for (Thread next : blockersOf(from)) {
            if (next == goal) {
                return true;
            }
            if (seen.put(next, true) == null && search(next, goal, path, seen)) {
                return true;
            }
        }
        path.remove(path.size() - 1);
        return false;
    }

    /**
     * How a thread stands still, in a form that changes when it moves; null if it runs, will go on by itself at some time, or waits
     * for a thread that does.
     */
    @Nullable String standstill(Thread thread) {
        return standstill(thread, new IdentityHashMap<>());
    }

    private @Nullable String standstill(Thread thread, Map<Thread, Boolean> above) {
        if (!thread.isAlive()) {
            return "dead";
        }
        if (above.size() > LONGEST || above.put(thread, true) != null) {
            return "cycle";
        }
        try {
            LockWait wait = waits.get(thread);
            List<Thread> blockers = blockersOf(thread);
            if (wait != null && !wait.ended() || !blockers.isEmpty()) {
                // it goes on when all that it waits for have gone on: one that does not is enough
                for (Thread blocker : blockers) {
                    String still = standstill(blocker, above);
                    if (still != null) {
                        return "waits for " + System.identityHashCode(blocker) + ", " + still;
                    }
                }
                return null;
            }
            return jvm.standstill(thread);
        } finally {
            above.remove(thread);
        }
    }

    /** The stacks of threads, for people. */
    List<String> stacks(Collection<Thread> threads) {
        List<String> result = new ArrayList<>();
        for (Thread thread : threads) {
            ThreadInfo info = jvm.info(thread);
            StringBuilder text = new StringBuilder("\"").append(thread.getName()).append("\" ").append(jvm.state(thread));
            if (info != null && info.getLockInfo() != null) {
                text.append(" on ").append(info.getLockInfo());
            }
            Arrays.stream(jvm.stack(thread))
                    .filter(frame -> !frame.getClassName().startsWith("dev.loom.bootstrap."))
                    .forEach(frame -> text.append("\n    at ").append(frame));
            result.add(text.toString());
        }
        return result;
    }
}
