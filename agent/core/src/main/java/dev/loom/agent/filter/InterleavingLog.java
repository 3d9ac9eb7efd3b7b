package dev.loom.agent.filter;

import dev.loom.agent.code.FilterVersion;
import dev.loom.agent.control.SeenInterleaving;
import dev.loom.agent.stack.Threads;
import dev.loom.bootstrap.wait.Interleaving;
import dev.loom.bootstrap.wait.Interleavings;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The last interleavings of each filter that were looked at, in words. Thread-safe. */
final class InterleavingLog {

    /** So many are looked at each second, of all filters together: each takes two stacks. */
    private static final int PERMITS = 4;
    /** So many are kept of a filter. */
    private static final int KEPT = 50;
    private static final int FRAMES = 40;
    private static final String LOOMS = "dev.loom.bootstrap.";

    private final Map<String, Deque<SeenInterleaving>> kept = new HashMap<>();

    /** Takes what the hooks have seen since the last look, and lets them see more, if there is a filter to see it of. */
    synchronized void look(List<InstalledFilter> filters) {
        List<Interleaving> seen = Interleavings.take(filters.isEmpty() ? 0 : PERMITS);
        Set<String> names = new HashSet<>();
        filters.forEach(f -> names.add(f.name));
        kept.keySet().retainAll(names);
        for (Interleaving one : seen) {
            for (InstalledFilter filter : filters) {
                FilterVersion version = filter.version;
                SeenInterleaving told = version == null ? null : told(version, one);
                if (told != null) {
                    Deque<SeenInterleaving> log = kept.computeIfAbsent(filter.name, name -> new ArrayDeque<>());
                    log.addFirst(told);
                    if (log.size() > KEPT) {
                        log.removeLast();
                    }
                }
            }
        }
    }

    /** The last ones of a filter, the newest first. */
    synchronized List<SeenInterleaving> of(String filter) {
        Deque<SeenInterleaving> log = kept.get(filter);
        return log == null ? List.of() : List.copyOf(log);
    }

    /** In words; null if the hook is another filter's. */
    private static @Nullable SeenInterleaving told(FilterVersion version, Interleaving seen) {
        int index = 0;
        for (Map.Entry<String, ?> hook : version.hooks().entrySet()) {
            if (hook.getValue() == seen.listener()) {
                long age = (System.nanoTime() - seen.since()) / 1_000_000;
                return new SeenInterleaving(
                        seen.end().name(), OngoingWaits.name(index), version.locationOf(hook.getKey()), seen.thread().getName(), Threads.number(seen.thread()),
                        words(seen.stack()), seen.other().getName(), Threads.number(seen.other()), words(seen.otherStack()), System.currentTimeMillis() - age,
                        seen.nanos());
            }
            index++;
        }
        return null;
    }

    /** Without Loom's own frames on top. */
    private static List<String> words(StackTraceElement[] stack) {
        List<String> words = new ArrayList<>();
        for (StackTraceElement frame : stack) {
            boolean ours = words.isEmpty() && (frame.getClassName().startsWith(LOOMS) || frame.getClassName().startsWith("java.lang.invoke."));
            if (!ours && words.size() < FRAMES) {
                words.add(frame.toString());
            }
        }
        return List.copyOf(words);
    }
}
