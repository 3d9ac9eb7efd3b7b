package dev.loom.agent.guard;

import dev.loom.agent.stack.Threads;
import java.lang.management.LockInfo;
import java.lang.management.ThreadInfo;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the JVM says about threads at one moment, asked once for each thread that matters. Calls nothing of the application's. */
final class JvmThreads {

    /** Frames of a stack that are read. */
    private static final int FRAMES = 256;
    /** Frames after which stacks of virtual threads are cut on some JDKs. */
    private static final int VIRTUAL_LIMIT = 1_000;
    /** Frames at the top that tell what a waiting thread waits for. */
    private static final int TOP = 8;

    private final List<Thread> platform = Threads.platform();
    private final Map<Thread, ThreadInfo> infos = new IdentityHashMap<>();

    /** Null for a virtual thread, one that has ended, and where the JVM has no management. */
    @Nullable ThreadInfo info(Thread thread) {
        if (!infos.containsKey(thread)) {
            infos.put(thread, Threads.info(thread, FRAMES));
        }
        return infos.get(thread);
    }

    Thread.State state(Thread thread) {
        ThreadInfo info = info(thread);
        return info != null ? info.getThreadState() : Threads.state(thread);
    }

    StackTraceElement[] stack(Thread thread) {
        ThreadInfo info = info(thread);
        return info != null ? info.getStackTrace() : Threads.stack(thread);
    }

    /** All frames of a thread; none if they cannot be told. */
    static StackTraceElement[] wholeStack(Thread thread) {
        StackTraceElement[] stack = Threads.stack(thread);
        return Threads.isVirtual(thread) && stack.length >= VIRTUAL_LIMIT ? new StackTraceElement[0] : stack;
    }

    /** The one thread that keeps a platform thread from going on, as far as the JVM knows. */
    @Nullable Thread blockerOf(Thread thread) {
        ThreadInfo info = info(thread);
        if (info == null || info.getThreadState() == Thread.State.RUNNABLE) {
            return null;
        }
        Thread owner = Threads.ownerOf(info, platform);
        return owner != null ? owner : joined(info);
    }

    /** What a thread in {@code Thread.join} waits for: it waits on the other thread's monitor. */
    private @Nullable Thread joined(ThreadInfo info) {
        LockInfo monitor = info.getLockInfo();
        if (monitor == null || !has(info.getStackTrace(), "java.lang.Thread", "join")) {
            return null;
        }
        for (Thread thread : platform) {
            if (System.identityHashCode(thread) == monitor.getIdentityHashCode()
                    && thread.getClass().getName().equals(monitor.getClassName())) {
                return thread;
            }
        }
        return null;
    }

    /**
     * How a thread that no known thread keeps waiting stands still, in a form that changes when it moves; null if it runs, sleeps, or
     * reads from outside. A wait with a limit counts, for whoever waits for a signal that does not come will wait again. So does a
     * thread that is said to run and uses no processor, outside of native code: it waits for the initialization of a class by another
     * (JVMS 5.5), which the JVM tells nobody.
     */
    @Nullable String standstill(Thread thread) {
        Thread.State state = state(thread);
        StackTraceElement[] stack = stack(thread);
        boolean isVirtual = Threads.isVirtual(thread);
        if (state == Thread.State.NEW || isVirtual && readsFromOutside(stack)) {
            return null;
        }
        if (state == Thread.State.TIMED_WAITING) {
            boolean sleeps = has(stack, "java.lang.Thread", "sleep") || has(stack, "java.lang.VirtualThread", "sleepNanos");
            return sleeps ? null : state + " " + Arrays.hashCode(stack);
        }
        // a virtual thread that is ready and has no carrier does not run
        if (state == Thread.State.RUNNABLE && (!isVirtual || Threads.isMounted(thread))) {
            long cpu = stack.length == 0 || stack[0].isNativeMethod() || isInNative(thread) ? -1 : Threads.cpuNanos(thread);
            return cpu < 0 ? null : state + " " + cpu + " " + Arrays.hashCode(stack);
        }
        ThreadInfo info = info(thread);
        return info != null
                ? state + " " + info.getBlockedCount() + " " + info.getWaitedCount()
                : state + " " + Arrays.hashCode(stack);
    }

    /** Whether a thread, or the carrier that runs it, is in native code; that of {@code java.lang.foreign} is reached without a native method. */
    private boolean isInNative(Thread thread) {
        Thread carrier = Threads.isVirtual(thread) ? Threads.carrier(thread) : thread;
        ThreadInfo info = carrier == null ? null : info(carrier);
        return info != null && info.isInNative();
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
