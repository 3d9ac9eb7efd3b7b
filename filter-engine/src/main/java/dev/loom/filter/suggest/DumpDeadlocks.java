package dev.loom.filter.suggest;

import dev.loom.filter.suggest.StackTrace.Frame;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Finds deadlocks in a dump in which the JVM reports none, from what its threads hold and wait for. */
final class DumpDeadlocks {

    private DumpDeadlocks() {}

    /** The same stacks; those in a deadlock are marked, if none is already. */
    static List<StackTrace> marked(List<StackTrace> traces) {
        if (traces.stream().anyMatch(StackTrace::isDeadlocked)) {
            return traces;
        }
        Map<String, StackTrace> holders = new LinkedHashMap<>();
        for (StackTrace trace : traces) {
            trace.owned().forEach(lock -> holders.putIfAbsent(lock, trace));
            for (Frame frame : trace.frames()) {
                frame.locks().forEach(lock -> holders.putIfAbsent(lock, trace));
                if (frame.method().equals("<clinit>")) {
                    holders.putIfAbsent("class " + frame.type(), trace);
                }
            }
        }
        Set<StackTrace> found = cycle(traces, holders);
        if (found.isEmpty()) {
            found = halves(traces, holders);
        }
        if (found.isEmpty()) {
            found = initializers(traces);
        }
        Set<StackTrace> marked = found;
        return traces.stream().map(t -> marked.contains(t) ? t.asDeadlocked() : t).toList();
    }

    /** Threads each of which waits for what the next holds. */
    private static Set<StackTrace> cycle(List<StackTrace> traces, Map<String, StackTrace> holders) {
        for (StackTrace start : traces) {
            Set<StackTrace> path = new LinkedHashSet<>();
            StackTrace at = start;
            while (at != null && path.add(at)) {
                at = holders.get(at.wants());
            }
            if (at == start && path.size() > 1) {
                return path;
            }
        }
        return Set.of();
    }

    /**
     * A thread that waits for what another holds, which waits for a lock of {@code java.util.concurrent} whose holder a dump does not
     * say: most likely it is the first.
     */
    private static Set<StackTrace> halves(List<StackTrace> traces, Map<String, StackTrace> holders) {
        for (StackTrace trace : traces) {
            StackTrace holder = holders.get(trace.wants());
            if (holder == null || holder == trace || holder.wants().isEmpty() || holders.containsKey(holder.wants())) {
                continue;
            }
            boolean lock = holder.frames().stream().anyMatch(f -> f.wants().equals(holder.wants()) && isLock(f.wantsType()));
            if (lock) {
                return new LinkedHashSet<>(List.of(trace, holder));
            }
        }
        return Set.of();
    }

    /** Threads that wait for each other's initialization of classes; who initializes what is not always in the dump. */
    private static Set<StackTrace> initializers(List<StackTrace> traces) {
        List<StackTrace> waiting = new ArrayList<>(traces.stream().filter(t -> t.wants().startsWith("class ")).toList());
        Set<String> classes = new HashSet<>();
        waiting.forEach(t -> classes.add(t.wants()));
        return classes.size() > 1 ? new LinkedHashSet<>(waiting) : Set.of();
    }

    static boolean isLock(String type) {
        return type.startsWith("java.util.concurrent.locks.Reentrant") || type.startsWith("java.util.concurrent.locks.StampedLock");
    }
}
