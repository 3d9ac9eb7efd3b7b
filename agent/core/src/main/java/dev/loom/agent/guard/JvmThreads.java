package dev.loom.agent.guard;

import java.lang.management.LockInfo;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the JVM says about threads at one moment, asked once for each thread that matters. Calls nothing of the application's. */
final class JvmThreads {

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    /** {@code Thread.threadId()}, final and right since 19; null before. */
    private static final @Nullable Method THREAD_ID = threadIdMethod();
    /** Frames of a stack that are read. */
    private static final int FRAMES = 256;
    /** Frames after which stacks of virtual threads are cut on some JDKs. */
    private static final int VIRTUAL_LIMIT = 1_000;
    /** Frames at the top that tell what a waiting thread waits for. */
    private static final int TOP = 8;

    private final Map<Long, Thread> byId = new HashMap<>();
    private final Map<Thread, ThreadInfo> infos = new IdentityHashMap<>();

    JvmThreads() {
        ThreadGroup root = Thread.currentThread().getThreadGroup();
        while (root.getParent() != null) {
            root = root.getParent();
        }
        Thread[] threads = new Thread[root.activeCount() * 2 + 64];
        int count = root.enumerate(threads, true);
        for (int i = 0; i < count; i++) {
            byId.put(idOf(threads[i]), threads[i]);
        }
    }

    private static @Nullable Method threadIdMethod() {
        try {
            return Thread.class.getMethod("threadId");
        } catch (NoSuchMethodException e) {
            return null;
        }
    }

    @SuppressWarnings("deprecation")
    private static long idOf(Thread thread) {
        if (THREAD_ID == null) {
            return thread.getId();
        }
        try {
            return (Long) THREAD_ID.invoke(thread);
        } catch (ReflectiveOperationException e) {
            return -1;
        }
    }

    /** Null for a virtual thread, and one that has ended. */
    @Nullable ThreadInfo info(Thread thread) {
        if (!infos.containsKey(thread)) {
            long id = idOf(thread);
            infos.put(thread, byId.get(id) == thread ? THREADS.getThreadInfo(id, FRAMES) : null);
        }
        return infos.get(thread);
    }

    Thread.State state(Thread thread) {
        ThreadInfo info = info(thread);
        return info != null ? info.getThreadState() : isVirtual(thread) ? thread.getState() : Thread.State.TERMINATED;
    }

    StackTraceElement[] stack(Thread thread) {
        ThreadInfo info = info(thread);
        return info != null ? info.getStackTrace() : isVirtual(thread) ? thread.getStackTrace() : new StackTraceElement[0];
    }

    /** All frames of a thread; none if they cannot be told. */
    static StackTraceElement[] wholeStack(Thread thread) {
        if (isVirtual(thread)) {
            StackTraceElement[] stack = thread.getStackTrace();
            return stack.length < VIRTUAL_LIMIT ? stack : new StackTraceElement[0];
        }
        ThreadInfo[] infos = THREADS.getThreadInfo(new long[] {idOf(thread)}, false, false, Integer.MAX_VALUE);
        return infos[0] == null || !infos[0].getThreadName().equals(thread.getName())
                ? new StackTraceElement[0]
                : infos[0].getStackTrace();
    }

    /** A class of the JDK's without subclasses, so that its methods are the JDK's. */
    private static boolean isVirtual(Thread thread) {
        return thread.getClass().getName().equals("java.lang.VirtualThread");
    }

    /** The one thread that keeps a platform thread from going on, as far as the JVM knows. */
    @Nullable Thread blockerOf(Thread thread) {
        ThreadInfo info = info(thread);
        if (info == null || info.getThreadState() == Thread.State.RUNNABLE) {
            return null;
        }
        Thread owner = info.getLockOwnerId() < 0 ? null : byId.get(info.getLockOwnerId());
        return owner != null ? owner : joined(info);
    }

    /** What a thread in {@code Thread.join} waits for: it waits on the other thread's monitor. */
    private @Nullable Thread joined(ThreadInfo info) {
        LockInfo monitor = info.getLockInfo();
        if (monitor == null || !has(info.getStackTrace(), "java.lang.Thread", "join")) {
            return null;
        }
        for (Thread thread : byId.values()) {
            if (System.identityHashCode(thread) == monitor.getIdentityHashCode()
                    && thread.getClass().getName().equals(monitor.getClassName())) {
                return thread;
            }
        }
        return null;
    }

    /**
     * How a thread that no known thread keeps waiting stands still, in a form that changes when it moves; null if it runs, sleeps, or
     * reads from outside. A wait with a limit counts, for whoever waits for a signal that does not come will wait again.
     */
    @Nullable String standstill(Thread thread) {
        Thread.State state = state(thread);
        StackTraceElement[] stack = stack(thread);
        boolean moves = switch (state) {
            case NEW -> true;
            // a virtual thread that is ready and has no carrier does not run
            case RUNNABLE -> !isVirtual(thread) || thread.toString().indexOf('@') >= 0;
            case TIMED_WAITING -> has(stack, "java.lang.Thread", "sleep") || has(stack, "java.lang.VirtualThread", "sleepNanos");
            case BLOCKED, WAITING, TERMINATED -> false;
        };
        if (moves || isVirtual(thread) && readsFromOutside(stack)) {
            return null;
        }
        ThreadInfo info = info(thread);
        if (info != null && state != Thread.State.TIMED_WAITING) {
            return state + " " + info.getBlockedCount() + " " + info.getWaitedCount();
        }
        return state + " " + Arrays.hashCode(stack);
    }

    /** Virtual threads are parked while they read; platform threads are then RUNNABLE. */
    private static boolean readsFromOutside(StackTraceElement[] stack) {
        for (int i = 0; i < Math.min(TOP, stack.length); i++) {
            if (stack[i].getClassName().startsWith("sun.nio.ch.")) {
                return true;
            }
        }
        return false;
    }

    private static boolean has(StackTraceElement[] stack, String type, String method) {
        for (int i = 0; i < Math.min(TOP, stack.length); i++) {
            if (stack[i].getClassName().equals(type) && stack[i].getMethodName().equals(method)) {
                return true;
            }
        }
        return false;
    }
}
