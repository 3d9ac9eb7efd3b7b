package dev.loom.agent.filter;

import dev.loom.agent.code.FilterHooks;
import dev.loom.agent.evacuation.WatchedMethod;
import dev.loom.bootstrap.hook.ConstraintLock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The filters of this JVM by name, in order of install; ended ones until their name is used again, or there are too many. Thread-safe. */
final class Filters {

    /** Ended filters that are kept for who asks. */
    private static final int MAX_ENDED = 100;

    private final Map<String, InstalledFilter> byName = new LinkedHashMap<>();
    private final Map<String, FilterHooks> hooks = new HashMap<>();

    synchronized @Nullable InstalledFilter get(String name) {
        return byName.get(name);
    }

    /** @throws IllegalArgumentException if there is none of that name */
    InstalledFilter existing(String name) {
        InstalledFilter filter = name == null ? null : get(name);
        if (filter == null) {
            throw new IllegalArgumentException("there is no filter '" + name + "' in this JVM");
        }
        return filter;
    }

    synchronized List<InstalledFilter> all() {
        return new ArrayList<>(byName.values());
    }

    /** Puts a filter at the end, in the place of the ended one of its name. */
    synchronized void put(InstalledFilter filter) {
        byName.remove(filter.name);
        byName.put(filter.name, filter);
        int ended = 0;
        for (InstalledFilter other : byName.values()) {
            ended += other != filter && other.state.isEnd() ? 1 : 0;
        }
        List<InstalledFilter> oldest = new ArrayList<>(byName.values());
        for (int i = 0; i < oldest.size() && ended > MAX_ENDED; i++) {
            if (oldest.get(i) != filter && oldest.get(i).state.isEnd()) {
                byName.remove(oldest.get(i).name);
                FilterHooks unused = hooks.remove(oldest.get(i).name);
                if (unused != null) {
                    unused.close();
                }
                ended--;
            }
        }
    }

    /** The hooks under a name, from now on and before. */
    synchronized FilterHooks hooks(String name) {
        return hooks.computeIfAbsent(name, FilterHooks::new);
    }

    /** Whether a frame could be inside a region of a lock; true if in doubt. */
    synchronized boolean mayHold(ConstraintLock lock, StackTraceElement frame) {
        String method = WatchedMethod.shown(frame.getClassName(), frame.getMethodName());
        for (FilterHooks some : hooks.values()) {
            Boolean known = some.mayHold(lock, method);
            if (known != null) {
                return known;
            }
        }
        return true;
    }
}
