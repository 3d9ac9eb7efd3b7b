package dev.loom.agent.evacuation;

import dev.loom.agent.support.AgentLog;
import dev.loom.agent.support.LoomThreads;
import java.lang.instrument.Instrumentation;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Looks at the stacks of all threads, platform and virtual, at full depth. Loom's own threads are left out. Used by one thread.
 */
final class Stacks {

    /** {@code Thread.getStackTrace} of a virtual thread gives no more frames than this (JDK 25). */
    private static final int VIRTUAL_LIMIT = 1024;

    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private final VirtualThreads virtual;

    Stacks(Instrumentation instrumentation) {
        virtual = VirtualThreads.open(instrumentation);
    }

    /** Whether every thread of this JVM can be seen. */
    boolean seesAll() {
        return virtual.seesAll();
    }

    /** Looks at all threads. */
    List<ThreadStack> all() {
        List<ThreadStack> result = new ArrayList<>();
        for (ThreadInfo info : threads.dumpAllThreads(false, false)) {
            add(result, info);
        }
        for (Thread thread : virtual.list()) {
            result.add(look(thread));
        }
        return result;
    }

    /** Looks at some threads; those that have ended are missing. */
    Map<Long, ThreadStack> of(Collection<Long> ids) {
        List<ThreadStack> result = new ArrayList<>();
        long[] wanted = ids.stream().mapToLong(Long::longValue).toArray();
        for (ThreadInfo info : threads.getThreadInfo(wanted, Integer.MAX_VALUE)) {
            add(result, info);
        }
        Map<Long, ThreadStack> byId = new HashMap<>();
        for (ThreadStack stack : result) {
            byId.put(stack.id(), stack);
        }
        if (byId.size() < ids.size() && virtual.exist()) {
            Set<Long> missing = new java.util.HashSet<>(ids);
            missing.removeAll(byId.keySet());
            for (Thread thread : virtual.list()) {
                if (missing.contains(VirtualThreads.id(thread))) {
                    ThreadStack stack = look(thread);
                    byId.put(stack.id(), stack);
                }
            }
        }
        return byId;
    }

    private static void add(List<ThreadStack> result, ThreadInfo info) {
        if (info != null && !info.getThreadName().startsWith(LoomThreads.PREFIX)) {
            result.add(new ThreadStack(
                    info.getThreadId(), info.getThreadName(), info.getThreadState().name(), info.getStackTrace(), false));
        }
    }

    private static ThreadStack look(Thread thread) {
        StackTraceElement[] frames = thread.getStackTrace();
        long id = VirtualThreads.id(thread);
        String name = thread.getName().isEmpty() ? "virtual-" + id : thread.getName();
        return new ThreadStack(id, name, thread.getState().name(), frames, frames.length >= VIRTUAL_LIMIT);
    }

    /** The virtual threads of the JVM, through the JDK's own registry. */
    private static final class VirtualThreads {
        private static final VirtualThreads NONE = new VirtualThreads(null, null, null, null, true);

        private final Method root;
        private final Method threads;
        private final Method children;
        private final Method isVirtual;
        private final boolean complete;

        private VirtualThreads(Method root, Method threads, Method children, Method isVirtual, boolean complete) {
            this.root = root;
            this.threads = threads;
            this.children = children;
            this.isVirtual = isVirtual;
            this.complete = complete;
        }

        static VirtualThreads open(Instrumentation instrumentation) {
            if (Runtime.version().feature() < 21) {
                return NONE;
            }
            try {
                Module base = Object.class.getModule();
                Module own = Stacks.class.getModule();
                instrumentation.redefineModule(
                        base, Set.of(), Map.of("jdk.internal.vm", Set.of(own)), Map.of(), Set.of(), Map.of());
                Class<?> containers = Class.forName("jdk.internal.vm.ThreadContainers");
                Class<?> container = Class.forName("jdk.internal.vm.ThreadContainer");
                boolean tracked = !"false".equals(System.getProperty("jdk.trackAllThreads"));
                return new VirtualThreads(
                        containers.getMethod("root"), container.getMethod("threads"), container.getMethod("children"),
                        Thread.class.getMethod("isVirtual"), tracked);
            } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
                AgentLog.warn("virtual threads cannot be seen in this JVM", e);
                return new VirtualThreads(null, null, null, null, false);
            }
        }

        boolean seesAll() {
            return complete;
        }

        boolean exist() {
            return root != null;
        }

        static long id(Thread thread) {
            return thread.getId();
        }

        List<Thread> list() {
            if (root == null) {
                return List.of();
            }
            List<Thread> result = new ArrayList<>();
            try {
                collect(root.invoke(null), result);
            } catch (ReflectiveOperationException e) {
                AgentLog.warn("virtual threads cannot be listed", e);
            }
            return result;
        }

        private void collect(Object container, List<Thread> into) throws ReflectiveOperationException {
            for (Object thread : ((Stream<?>) threads.invoke(container)).toArray()) {
                if (Boolean.TRUE.equals(isVirtual.invoke(thread))) {
                    into.add((Thread) thread);
                }
            }
            for (Object child : ((Stream<?>) children.invoke(container)).toArray()) {
                collect(child, into);
            }
        }
    }
}
