package dev.loom.agent.transform;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
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

    public synchronized V computeIfAbsent(ClassId id, Supplier<V> value) {
        return byLoader.computeIfAbsent(key(id), k -> new HashMap<>()).computeIfAbsent(id.name(), n -> value.get());
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
