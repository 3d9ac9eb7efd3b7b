package dev.loom.agent.stack;

import java.lang.instrument.Instrumentation;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Looks at the stacks of all threads, platform and virtual, at full depth. The manager's own thread is left out. Used by that thread. */
public final class Stacks implements StackLooks {

    /** {@code Thread.getStackTrace} of a virtual thread gives no more frames than this (JDK 25). */
    private static final int USUAL_LIMIT = 1024;
    /** Frames that the JVM may count, and then not show. */
    private static final int HIDDEN = 8;

    private final VirtualThreads virtual;
    private final boolean tellsOldCode;
    private final int limit = limit();

    public Stacks(Instrumentation instrumentation) {
        virtual = VirtualThreads.open(instrumentation);
        tellsOldCode = SupersededFrames.areTold(instrumentation);
    }

    /** Whether a frame of superseded code shows without its file name in this JVM. */
    public boolean tellsOldCode() {
        return tellsOldCode;
    }

    @Override
    public boolean isNew(StackTraceElement frame) {
        return tellsOldCode && frame.getFileName() != null;
    }

    @Override
    public boolean seesAll() {
        return virtual.areSeen();
    }

    @Override
    public List<ThreadStack> all() {
        List<ThreadStack> result = new ArrayList<>();
        lookAt(Threads.platform(), result);
        for (Thread thread : virtual.list()) {
            result.add(look(thread));
        }
        return result;
    }

    @Override
    public Map<Long, ThreadStack> of(Collection<Long> ids) {
        if (ids.isEmpty()) {
            return Map.of();
        }
        Set<Long> wanted = Set.copyOf(ids);
        List<ThreadStack> result = new ArrayList<>();
        lookAt(Threads.platform().stream().filter(thread -> wanted.contains(Threads.number(thread))).toList(), result);
        Map<Long, ThreadStack> byId = new HashMap<>();
        for (ThreadStack stack : result) {
            byId.put(stack.id(), stack);
        }
        if (byId.size() < ids.size()) {
            Set<Long> missing = new HashSet<>(ids);
            missing.removeAll(byId.keySet());
            for (Thread thread : virtual.list()) {
                if (missing.contains(Threads.number(thread))) {
                    byId.put(Threads.number(thread), look(thread));
                }
            }
        }
        return byId;
    }

    /** The calling thread is left out. */
    private static void lookAt(Collection<Thread> threads, List<ThreadStack> result) {
        for (ThreadLook look : Threads.look(threads, Integer.MAX_VALUE)) {
            if (look.thread() != Thread.currentThread()) {
                result.add(new ThreadStack(look.number(), look.thread().getName(), look.state().name(), look.frames(), false));
            }
        }
    }

    /** Traces of about this length may be cut: what the JVM shows of a virtual thread that runs. 0 is no limit. */
    private static int limit() {
        try {
            Class<?> type = Class.forName("com.sun.management.HotSpotDiagnosticMXBean");
            Object bean = ManagementFactory.class.getMethod("getPlatformMXBean", Class.class).invoke(null, type);
            Object option = type.getMethod("getVMOption", String.class).invoke(bean, "MaxJavaStackTraceDepth");
            return Integer.parseInt((String) option.getClass().getMethod("getValue").invoke(option));
        } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
            return USUAL_LIMIT; // not HotSpot, or without its module jdk.management
        }
    }

    private ThreadStack look(Thread thread) {
        StackTraceElement[] frames = Threads.stack(thread);
        long number = Threads.number(thread);
        String name = thread.getName().isEmpty() ? "virtual-" + number : thread.getName();
        return new ThreadStack(number, name, Threads.state(thread).name(), frames, isCut(frames.length));
    }

    private boolean isCut(int length) {
        return limit != 0 && length <= limit && length > limit - HIDDEN;
    }
}
