package dev.loom.agent.stack;

import dev.loom.agent.support.AgentLog;
import java.lang.instrument.Instrumentation;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.VarHandle;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The threads of this JVM, their numbers, states and stacks. An application may override {@code getId}, {@code getState}, {@code
 * getStackTrace}, {@code equals} and {@code hashCode} of its threads; none of these is called here. Up to Java 18 the JDK's own {@code
 * ThreadInfo} asks {@code getId}, so threads that override it are looked at in another way.
 *
 * <p>Thread-safe. Before {@link #open}, and in a JVM that does not open {@code java.lang}, what is public has to do.
 */
public final class Threads {

    /** A run-time image may be without module java.management: then stacks are all that is known. */
    private static final boolean IS_MANAGED = ModuleLayer.boot().findModule("java.management").isPresent();
    private static final boolean HAS_FINAL_NUMBER = Runtime.version().feature() >= 19;
    private static final @Nullable Class<?> VIRTUAL = virtual();

    private static volatile Access access = new Access(null, null, null, null, null);

    /** Apart, for where there is no such class. */
    private static final class Management {
        private static final ThreadMXBean BEAN = ManagementFactory.getThreadMXBean();
        private static final boolean TELLS_CPU = BEAN.isThreadCpuTimeSupported() && BEAN.isThreadCpuTimeEnabled();
    }

    /** Whether threads of a class give numbers of their own. */
    private static final ClassValue<Boolean> OVERRIDES_NUMBER = new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> type) {
            for (Class<?> at = type; at != null && at != Thread.class; at = at.getSuperclass()) {
                if (declaresGetId(at)) {
                    return true;
                }
            }
            return false;
        }
    };

    /**
     * Whether the last list of threads had one with a {@code getId} of its own. Until JDK 18 a {@link ThreadInfo} calls it, that of the thread and
     * that of the owner of the lock for which it waits. So none is made meanwhile: stacks and states are there without, owners of locks are not.
     */
    private static volatile boolean numbersOverridden;

    /**
     * The JDK's own, past every override.
     *
     * @param number field {@code tid}
     * @param all {@code getThreads()}
     * @param dump {@code dumpThreads(Thread[])}
     * @param state {@code getState()}
     * @param carrier field {@code carrierThread} of virtual threads
     */
    private record Access(
            @Nullable VarHandle number, @Nullable MethodHandle all, @Nullable MethodHandle dump, @Nullable MethodHandle state,
            @Nullable VarHandle carrier) {}

    private Threads() {}

    /** Opens what the JDK keeps to itself; once is enough. */
    public static void open(Instrumentation instrumentation) {
        if (access.number() != null) {
            return;
        }
        try {
            Module own = Threads.class.getModule();
            instrumentation.redefineModule(Object.class.getModule(), Set.of(), Map.of(), Map.of("java.lang", Set.of(own)), Set.of(), Map.of());
            MethodHandles.Lookup lookup = MethodHandles.privateLookupIn(Thread.class, MethodHandles.lookup());
            access = new Access(
                    lookup.findVarHandle(Thread.class, "tid", long.class),
                    lookup.findStatic(Thread.class, "getThreads", MethodType.methodType(Thread[].class)),
                    lookup.findStatic(Thread.class, "dumpThreads", MethodType.methodType(StackTraceElement[][].class, Thread[].class)),
                    lookup.findSpecial(Thread.class, "getState", MethodType.methodType(Thread.State.class), Thread.class),
                    VIRTUAL == null
                            ? null
                            : MethodHandles.privateLookupIn(VIRTUAL, MethodHandles.lookup())
                                    .findVarHandle(VIRTUAL, "carrierThread", Thread.class));
        } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
            AgentLog.info("threads are looked at by public methods only: " + e);
        }
    }

    private static @Nullable Class<?> virtual() {
        try {
            return Class.forName("java.lang.VirtualThread", false, null);
        } catch (ClassNotFoundException e) {
            return null;
        }
    }

    private static boolean declaresGetId(Class<?> type) {
        try {
            return type.getDeclaredMethod("getId") != null;
        } catch (NoSuchMethodException e) {
            return false;
        } catch (RuntimeException | LinkageError e) {
            return true; // a class whose members cannot be listed: in doubt
        }
    }

    /** Whether a thread is a virtual one. */
    public static boolean isVirtual(Thread thread) {
        return thread.getClass() == VIRTUAL;
    }

    /** The JVM's number of a thread, by which the JDK's management beans know it; never used twice. */
    @SuppressWarnings("deprecation")
    public static long number(Thread thread) {
        VarHandle field = access.number();
        return field != null ? (long) field.get(thread) : thread.getId();
    }

    /** The state of a thread. */
    public static Thread.State state(Thread thread) {
        MethodHandle plain = access.state();
        if (plain != null && !isVirtual(thread)) {
            try {
                return (Thread.State) plain.invokeExact(thread);
            } catch (Throwable e) {
                throw new IllegalStateException("the state of a thread cannot be read", e);
            }
        }
        return thread.getState();
    }

    /** All frames of a thread, top first; none if it has ended or has not begun. Of a virtual one no more than the JVM shows. */
    public static StackTraceElement[] stack(Thread thread) {
        return isVirtual(thread) ? thread.getStackTrace() : dump(new Thread[] {thread})[0];
    }

    /** The platform threads that live, those of the JVM included. */
    public static List<Thread> platform() {
        List<Thread> all = listed();
        numbersOverridden = !HAS_FINAL_NUMBER && all.stream().anyMatch(Threads::overridesNumber);
        return all;
    }

    private static List<Thread> listed() {
        MethodHandle all = access.all();
        if (all != null) {
            try {
                return Arrays.asList((Thread[]) all.invokeExact());
            } catch (Throwable e) {
                AgentLog.info("threads cannot be listed: " + e);
            }
        }
        return new ArrayList<>(Thread.getAllStackTraces().keySet());
    }

    /**
     * The frames of platform threads at one moment, to the bottom; none for one that has ended or has not begun.
     *
     * @throws IllegalStateException if they cannot be read: a thread without frames would look like one that has left its code
     */
    private static StackTraceElement[][] dump(Thread[] threads) {
        MethodHandle dump = access.dump();
        StackTraceElement[][] stacks = new StackTraceElement[threads.length][];
        if (dump == null) {
            for (int i = 0; i < threads.length; i++) {
                stacks[i] = threads[i].getStackTrace();
            }
            return stacks;
        }
        try {
            if (threads.length > 0) {
                stacks = (StackTraceElement[][]) dump.invokeExact(threads);
            }
        } catch (Throwable e) {
            throw new IllegalStateException("the stacks of threads cannot be read", e);
        }
        for (int i = 0; i < stacks.length; i++) {
            if (stacks[i] == null) {
                stacks[i] = new StackTraceElement[0];
            }
        }
        return stacks;
    }

    /**
     * Looks at some platform threads. Those that have ended are missing.
     *
     * @param depth frames that are needed, from the top; there may be more
     */
    public static List<ThreadLook> look(Collection<Thread> threads, int depth) {
        List<ThreadLook> result = new ArrayList<>(threads.size());
        List<Thread> plain = new ArrayList<>();
        List<Thread> others = new ArrayList<>();
        for (Thread thread : threads) {
            (!IS_MANAGED || numbersOverridden || overridesNumber(thread) ? others : plain).add(thread);
        }
        if (!plain.isEmpty()) {
            // by place: what a ThreadInfo says of its thread's number is not what it was asked for
            ThreadInfo[] infos = Management.BEAN.getThreadInfo(plain.stream().mapToLong(Threads::number).toArray(), depth);
            for (int i = 0; i < infos.length; i++) {
                if (infos[i] != null) {
                    result.add(new ThreadLook(
                            plain.get(i), number(plain.get(i)), infos[i].getThreadState(), infos[i].getStackTrace()));
                }
            }
        }
        if (!others.isEmpty()) {
            StackTraceElement[][] stacks = dump(others.toArray(new Thread[0]));
            for (int i = 0; i < stacks.length; i++) {
                Thread thread = others.get(i);
                Thread.State state = state(thread);
                if (state != Thread.State.TERMINATED && state != Thread.State.NEW) {
                    result.add(new ThreadLook(thread, number(thread), state, stacks[i]));
                }
            }
        }
        return result;
    }

    /** Whether the JDK's management beans may take a thread for another, as its class has a {@code getId} of its own. */
    static boolean overridesNumber(Thread thread) {
        return !HAS_FINAL_NUMBER && thread.getClass().getClassLoader() != null && OVERRIDES_NUMBER.get(thread.getClass());
    }

    /** CPU time that a thread has used, ns; of a virtual one, that of its carrier. -1 if that is not known. */
    public static long cpuNanos(Thread thread) {
        Thread carrier = isVirtual(thread) ? carrier(thread) : thread;
        return carrier == null || !IS_MANAGED || !Management.TELLS_CPU ? -1 : Management.BEAN.getThreadCpuTime(number(carrier));
    }

    /** The platform thread that runs a virtual one; null if none does, or it is not known. */
    public static @Nullable Thread carrier(Thread virtual) {
        VarHandle field = access.carrier();
        return field == null ? null : (Thread) field.getVolatile(virtual);
    }

    /** Whether a virtual thread runs on some carrier; in a JVM that does not open {@code java.lang}, too. */
    public static boolean isMounted(Thread virtual) {
        return access.carrier() == null ? virtual.toString().indexOf('@') >= 0 : carrier(virtual) != null;
    }

    /**
     * What the JVM knows of a platform thread and what it waits for; null for one that has ended, a virtual one, and where that would call a
     * method of the application's.
     */
    public static @Nullable ThreadInfo info(Thread thread, int depth) {
        return !IS_MANAGED || numbersOverridden || overridesNumber(thread) || isVirtual(thread) || !thread.isAlive() ? null : Management.BEAN.getThreadInfo(number(thread), depth);
    }

    /**
     * The thread that owns what another waits for, out of some.
     *
     * @param info from {@link #info}
     */
    public static @Nullable Thread ownerOf(ThreadInfo info, Collection<Thread> candidates) {
        if (info.getLockOwnerId() < 0) {
            return null;
        }
        for (Thread thread : candidates) {
            if (number(thread) == info.getLockOwnerId()) {
                return thread;
            }
        }
        return null;
    }
}
