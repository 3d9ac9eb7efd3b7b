package dev.loom.agent.evacuation;

import java.lang.instrument.Instrumentation;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Looks at the stacks of all threads, platform and virtual, at full depth. The manager's own thread is left out. Used by that thread. */
final class Stacks {

    /** {@code Thread.getStackTrace} of a virtual thread gives no more frames than this (JDK 25). */
    private static final int VIRTUAL_LIMIT = 1024;

    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private final VirtualThreads virtual;
    private final boolean tellsOldCode;

    Stacks(Instrumentation instrumentation) {
        virtual = VirtualThreads.open(instrumentation);
        tellsOldCode = SupersededFrames.areTold(instrumentation, threads);
    }

    /** Whether a frame of superseded code shows without its file name in this JVM. */
    boolean tellsOldCode() {
        return tellsOldCode;
    }

    /** Whether a frame is certainly one of the newest code of its class. */
    boolean isNew(StackTraceElement frame) {
        return tellsOldCode && frame.getFileName() != null;
    }

    /** Whether every thread of this JVM can be seen. */
    boolean seesAll() {
        return virtual.areSeen();
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
        if (ids.isEmpty()) {
            return Map.of();
        }
        List<ThreadStack> result = new ArrayList<>();
        long[] wanted = ids.stream().mapToLong(Long::longValue).toArray();
        for (ThreadInfo info : threads.getThreadInfo(wanted, Integer.MAX_VALUE)) {
            add(result, info);
        }
        Map<Long, ThreadStack> byId = new HashMap<>();
        for (ThreadStack stack : result) {
            byId.put(stack.id(), stack);
        }
        if (byId.size() < ids.size()) {
            Set<Long> missing = new HashSet<>(ids);
            missing.removeAll(byId.keySet());
            for (Thread thread : virtual.list()) {
                if (missing.contains(thread.getId())) {
                    byId.put(thread.getId(), look(thread));
                }
            }
        }
        return byId;
    }

    private static void add(List<ThreadStack> result, ThreadInfo info) {
        if (info != null && info.getThreadId() != Thread.currentThread().getId()) {
            result.add(new ThreadStack(
                    info.getThreadId(), info.getThreadName(), info.getThreadState().name(), info.getStackTrace(), false));
        }
    }

    private static ThreadStack look(Thread thread) {
        StackTraceElement[] frames = thread.getStackTrace();
        String name = thread.getName().isEmpty() ? "virtual-" + thread.getId() : thread.getName();
        return new ThreadStack(thread.getId(), name, thread.getState().name(), frames, frames.length >= VIRTUAL_LIMIT);
    }
}
