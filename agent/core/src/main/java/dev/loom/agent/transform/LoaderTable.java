package dev.loom.agent.transform;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Values by class, kept only as long as the class's loader is. Thread-safe. The values must not refer to the loader. Loaders are told apart
 * by identity: their {@code equals} and {@code hashCode} may be the application's.
 */
public final class LoaderTable<V> {

    /** Stands for a loader, which may be gone. */
    private static final class Key extends WeakReference<ClassLoader> {
        private final int hash;

        Key(@Nullable ClassLoader loader, @Nullable ReferenceQueue<ClassLoader> queue) {
            super(loader, queue);
            hash = System.identityHashCode(loader);
        }

        @Override
        public boolean equals(Object other) {
            if (this == other) {
                return true;
            }
            ClassLoader loader = get();
            return loader != null && other instanceof Key key && key.refersTo(loader);
        }

        @Override
        public int hashCode() {
            return hash;
        }
    }

    private static final Key BOOT = new Key(null, null);

    private final Map<Key, Map<String, V>> byLoader = new HashMap<>();
    private final ReferenceQueue<ClassLoader> gone = new ReferenceQueue<>();

    public synchronized @Nullable V get(ClassId id) {
        Map<String, V> classes = byLoader.get(id.loader() == null ? BOOT : new Key(id.loader(), null));
        return classes == null ? null : classes.get(id.name());
    }

    public synchronized void put(ClassId id, V value) {
        for (Reference<?> key = gone.poll(); key != null; key = gone.poll()) {
            byLoader.remove(key);
        }
        Key key = id.loader() == null ? BOOT : new Key(id.loader(), gone);
        Map<String, V> classes = byLoader.get(key);
        if (classes == null) {
            classes = new HashMap<>();
            byLoader.put(key, classes);
        }
        classes.put(id.name(), value);
    }

    public synchronized void remove(ClassId id) {
        Map<String, V> classes = byLoader.get(id.loader() == null ? BOOT : new Key(id.loader(), null));
        if (classes != null) {
            classes.remove(id.name());
        }
    }

    /** Classes of loaders that are there. */
    public synchronized int size() {
        int size = 0;
        for (Map.Entry<Key, Map<String, V>> entry : byLoader.entrySet()) {
            size += entry.getKey() == BOOT || entry.getKey().get() != null ? entry.getValue().size() : 0;
        }
        return size;
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
}
