package dev.loom.agent.transform;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Values by class, kept only as long as the class's loader is. Thread-safe. The values must not refer to the loader.
 *
 * <p>Loaders are compared by {@code equals}, which {@code ClassLoader} does not override; one that does so differently from
 * identity would share its entries, which names keep apart.
 */
public final class LoaderTable<V> {

    private static final Object BOOT = new Object();

    private final Map<Object, Map<String, V>> byLoader = new WeakHashMap<>();

    public synchronized @Nullable V get(ClassId id) {
        Map<String, V> classes = byLoader.get(key(id));
        return classes == null ? null : classes.get(id.name());
    }

    public synchronized void put(ClassId id, V value) {
        byLoader.computeIfAbsent(key(id), k -> new HashMap<>()).put(id.name(), value);
    }

    /** Puts a value in the place of the expected one (null for none); false if another is there. */
    public synchronized boolean replace(ClassId id, @Nullable V expected, V value) {
        if (get(id) != expected) {
            return false;
        }
        put(id, value);
        return true;
    }

    /** Calls back for each entry, by internal name. */
    public synchronized void forEach(BiConsumer<String, V> consumer) {
        List<Map.Entry<String, V>> all = new ArrayList<>();
        byLoader.values().forEach(classes -> all.addAll(classes.entrySet()));
        all.forEach(entry -> consumer.accept(entry.getKey(), entry.getValue()));
    }

    public synchronized void clear() {
        byLoader.clear();
    }

    private static Object key(ClassId id) {
        return id.loader() == null ? BOOT : id.loader();
    }
}
