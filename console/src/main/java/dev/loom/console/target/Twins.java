package dev.loom.console.target;

import dev.loom.client.JvmInfo;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/**
 * Knows which entries of the list are one and the same JVM, as one that somebody listed by its address and that registered as well. They are told by
 * what the console reads at their addresses, never by what a registration says. The entry that a person made counts, of several the oldest;
 * the others are shown with it, and get no filters. So an agent that claims to be another JVM puts nobody but itself aside. Thread-safe.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
public class Twins implements TargetListener {

    /** What tells a JVM from all others. */
    private record Identity(String server, long pid, long start) {}

    private record Entry(Identity identity, boolean listed) {}

    /** Entries that answer. Guarded by this. */
    private final Map<Long, Entry> entries = new HashMap<>();

    /** Whether each was listed by a person, by id. Guarded by this. */
    private final Map<Identity, TreeMap<Long, Boolean>> same = new HashMap<>();

    /** The entry of the same JVM that counts in the place of this one; null if this one does. */
    public synchronized @Nullable Long insteadOf(long target) {
        Entry entry = entries.get(target);
        if (entry == null) {
            return null;
        }
        for (Map.Entry<Long, Boolean> other : same.get(entry.identity()).entrySet()) {
            if (other.getValue()) {
                return other.getKey() == target ? null : other.getKey();
            }
        }
        return null;
    }

    @Override
    public synchronized void onSnapshot(Target target, Snapshot before, Snapshot now) {
        JvmInfo jvm = now.isReachable() ? now.jvm() : null;
        Entry entry = jvm == null || jvm.serverId().isEmpty() || jvm.pid() == 0 || jvm.startMillis() == 0
                ? null
                : new Entry(new Identity(jvm.serverId(), jvm.pid(), jvm.startMillis()), target.source() != Target.Source.REGISTERED);
        if (entry == null || !entry.equals(entries.get(target.id()))) {
            onRemoved(target.id());
            if (entry != null) {
                entries.put(target.id(), entry);
                same.computeIfAbsent(entry.identity(), identity -> new TreeMap<>()).put(target.id(), entry.listed());
            }
        }
    }

    @Override
    public synchronized void onRemoved(long target) {
        Entry entry = entries.remove(target);
        if (entry != null) {
            same.computeIfPresent(entry.identity(), (identity, ids) -> {
                ids.remove(target);
                return ids.isEmpty() ? null : ids;
            });
        }
    }
}
