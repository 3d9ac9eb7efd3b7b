package dev.loom.agent.guard;

import dev.loom.bootstrap.Wait;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who keeps whom from going on, at one moment: Loom's own record of its waits, joined with what the JVM knows of platform threads
 * (monitors, exclusive {@code java.util.concurrent} locks, {@code Thread.join}).
 */
final class Blocking {

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final Map<Thread, Wait> waits = new IdentityHashMap<>();
    private final Map<Thread, List<Thread>> edges = new IdentityHashMap<>();
    private final Map<Long, Thread> byId = new HashMap<>();
    private final Map<Thread, ThreadInfo> infos = new IdentityHashMap<>();

    private Blocking() {}

    /** Looks at the threads that the given waits depend on, and at those that these depend on, and so on. */
    static Blocking around(Collection<Wait> all) {
        Blocking blocking = new Blocking();
        all.forEach(wait -> blocking.waits.put(wait.thread(), wait));
        for (Thread thread : platformThreads()) {
            blocking.byId.put(thread.getId(), thread);
        }
        Set<Thread> open = new LinkedHashSet<>();
        all.forEach(wait -> open.add(wait.thread()));
        // Thread has no equals of its own, but a subclass may: only identities count
        Map<Thread, Boolean> seen = new IdentityHashMap<>();
        List<Thread> next = new ArrayList<>(open);
        while (!next.isEmpty()) {
            List<Thread> now = next;
            next = new ArrayList<>();
            for (Thread thread : now) {
                if (seen.put(thread, true) == null) {
                    List<Thread> blockers = blocking.blockersOf(thread);
                    blocking.edges.put(thread, blockers);
                    next.addAll(blockers);
                }
            }
        }
        return blocking;
    }

    private static List<Thread> platformThreads() {
        ThreadGroup root = Thread.currentThread().getThreadGroup();
        while (root.getParent() != null) {
            root = root.getParent();
        }
        Thread[] threads = new Thread[root.activeCount() * 2 + 64];
        int count = root.enumerate(threads, true);
        List<Thread> result = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            result.add(threads[i]);
        }
        return result;
    }

    private List<Thread> blockersOf(Thread thread) {
        Wait wait = waits.get(thread);
        if (wait != null && !wait.ended()) {
            return wait.blockers();
        }
        ThreadInfo info = info(thread);
        if (info == null || info.getThreadState() == Thread.State.RUNNABLE) {
            return List.of();
        }
        Thread owner = info.getLockOwnerId() < 0 ? null : byId.get(info.getLockOwnerId());
        if (owner != null) {
            return List.of(owner);
        }
        Thread joined = joined(info);
        return joined == null ? List.of() : List.of(joined);
    }

    /** What a platform thread that waits in {@code Thread.join} waits for: it waits on the other thread's monitor. */
    private @Nullable Thread joined(ThreadInfo info) {
        if (info.getLockInfo() == null || info.getThreadState() != Thread.State.WAITING) {
            return null;
        }
        StackTraceElement[] stack = info.getStackTrace();
        boolean joins = false;
        for (int i = 0; i < Math.min(4, stack.length); i++) {
            joins |= stack[i].getClassName().equals("java.lang.Thread") && stack[i].getMethodName().equals("join");
        }
        if (joins) {
            for (Thread thread : byId.values()) {
                if (System.identityHashCode(thread) == info.getLockInfo().getIdentityHashCode()
                        && thread.getClass().getName().equals(info.getLockInfo().getClassName())) {
                    return thread;
                }
            }
        }
        return null;
    }

    private @Nullable ThreadInfo info(Thread thread) {
        if (!byId.containsValue(thread)) {
            return null;
        }
        return infos.computeIfAbsent(thread, t -> THREADS.getThreadInfo(t.getId(), 64));
    }

    /** A cycle through the given wait, itself first; empty if there is none. */
    List<Thread> cycleThrough(Wait wait) {
        List<Thread> path = new ArrayList<>();
        return search(wait.thread(), wait.thread(), path, new IdentityHashMap<>()) ? path : List.of();
    }

    private boolean search(Thread from, Thread goal, List<Thread> path, Map<Thread, Boolean> seen) {
        if (path.size() > 512) {
            return false;
        }
        path.add(from);
        for (Thread next : edges.getOrDefault(from, List.of())) {
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

    /** The wait of a thread, null if it is not in one of Loom's. */
    @Nullable Wait waitOf(Thread thread) {
        return waits.get(thread);
    }

    /**
     * What a thread is stuck with, in a form that changes when it moves; null if it is running, or will go on by itself at some time.
     */
    @Nullable String stuck(Thread thread) {
        if (!thread.isAlive()) {
            return "dead";
        }
        Wait wait = waits.get(thread);
        if (wait != null && !wait.ended()) {
            return "waits for " + wait.lock().name() + " since " + wait.since();
        }
        Thread.State state = thread.getState();
        ThreadInfo info = info(thread);
        if (info != null) {
            return state == Thread.State.WAITING || state == Thread.State.BLOCKED
                    ? state + " " + info.getBlockedCount() + " " + info.getWaitedCount()
                    : null;
        }
        // a virtual thread: waiting, or ready without a carrier; its stack tells whether it moves
        return state == Thread.State.TIMED_WAITING ? null : state + " " + List.of(thread.getStackTrace()).hashCode();
    }

    /** The stacks of threads, for people. */
    static List<String> stacks(Collection<Thread> threads) {
        List<String> result = new ArrayList<>();
        for (Thread thread : threads) {
            StringBuilder text = new StringBuilder("\"").append(thread.getName()).append("\" ").append(thread.getState());
            for (StackTraceElement frame : thread.getStackTrace()) {
                if (!frame.getClassName().startsWith("dev.loom.bootstrap.")) {
                    text.append("\n    at ").append(frame);
                }
            }
            result.add(text.toString());
        }
        return result;
    }
}
