package dev.loom.agent.code;

import dev.loom.agent.transform.ClassId;
import dev.loom.agent.transform.Weaving;
import dev.loom.filter.classes.ClassSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The classes loaded at one moment, as the filter engine and the manager look at them. Class files come from the loaders'
 * resources and are compared with what was loaded before anything is woven.
 */
public final class LoadedClasses {

    /** Loaders, those with most classes first, that are asked for a class that is not loaded. */
    private static final int MAX_LOADERS = 24;

    private final TreeMap<String, List<Class<?>>> byName = new TreeMap<>();
    private final Map<ClassId, Optional<byte[]>> files = new HashMap<>();
    /** Classes that the JVM was asked for. */
    private final Set<ClassId> captured = new HashSet<>();
    private final List<ClassLoader> loaders = new ArrayList<>();
    private final Weaving weaving;

    public LoadedClasses(Weaving weaving) {
        this.weaving = weaving;
        Map<ClassLoader, int[]> counts = new IdentityHashMap<>();
        for (Class<?> type : weaving.loaded()) {
            if (!type.isArray() && !type.isHidden()) {
                byName.computeIfAbsent(type.getName().replace('.', '/'), k -> new ArrayList<>(1)).add(type);
                ClassLoader loader = type.getClassLoader();
                if (loader != null) {
                    counts.computeIfAbsent(loader, k -> new int[1])[0]++;
                }
            }
        }
        ClassLoader system = ClassLoader.getSystemClassLoader();
        loaders.add(system);
        counts.entrySet().stream()
                .filter(e -> e.getKey() != system && e.getKey() != ClassLoader.getPlatformClassLoader()
                        && e.getKey() != LoadedClasses.class.getClassLoader())
                .sorted((a, b) -> Integer.compare(b.getValue()[0], a.getValue()[0]))
                .limit(MAX_LOADERS)
                .forEach(e -> loaders.add(e.getKey()));
    }

    /** The loaded classes of a name, one for each loader. */
    public List<Class<?>> named(String internalName) {
        return byName.getOrDefault(internalName, List.of());
    }

    /** The loaded classes that are nested in one, of all loaders. */
    public List<Class<?>> inside(String internalName) {
        // '%' comes next to '$'
        return byName.subMap(internalName + '$', internalName + '%').values().stream().flatMap(List::stream).toList();
    }

    public boolean isLoaded(String internalName) {
        return byName.containsKey(internalName);
    }

    /** The application's loaders: the system's first, then those with most classes. */
    List<ClassLoader> loaders() {
        return loaders;
    }

    /** Takes note of the true class file of a loaded class. */
    synchronized void know(Class<?> type, byte[] classFile) {
        files.put(ClassId.of(type), Optional.of(classFile));
    }

    /** What the engine may ask, as code of the given loader sees it. */
    public ClassSource seenFrom(@Nullable ClassLoader loader) {
        return new ClassSource() {
            @Override
            public Optional<byte[]> find(String internalName) {
                return bytes(loader, internalName);
            }

            @Override
            public Set<String> names() {
                return Collections.unmodifiableNavigableSet(byName.navigableKeySet());
            }

            @Override
            public boolean mayGrow() {
                return true;
            }
        };
    }

    private Optional<byte[]> bytes(@Nullable ClassLoader loader, String name) {
        for (Class<?> type : named(name)) {
            if (type.getClassLoader() == loader) {
                return ofLoaded(type);
            }
        }
        Optional<byte[]> visible = file(new ClassId(loader, name));
        if (visible.isPresent()) {
            return visible;
        }
        if (!named(name).isEmpty()) {
            return ofLoaded(named(name).get(0));
        }
        // not loaded yet, and perhaps to be loaded by an application's own loader
        for (ClassLoader other : loaders) {
            visible = other == loader ? Optional.empty() : file(new ClassId(other, name));
            if (visible.isPresent()) {
                return visible;
            }
        }
        return Optional.empty();
    }

    private Optional<byte[]> ofLoaded(Class<?> type) {
        Optional<byte[]> file = file(ClassId.of(type));
        if (file.isPresent()) {
            return file;
        }
        capture(type);
        return file(ClassId.of(type));
    }

    /** Reads a class from the JVM, and with it its copies in other loaders: they are asked for next, and each reading costs a pause. */
    private synchronized void capture(Class<?> type) {
        if (!captured.add(ClassId.of(type))) {
            return;
        }
        List<Class<?>> copies = new ArrayList<>(List.of(type));
        for (Class<?> copy : named(ClassId.of(type).name())) {
            if (file(ClassId.of(copy)).isEmpty() && captured.add(ClassId.of(copy))) {
                copies.add(copy);
            }
        }
        weaving.classFiles(copies).forEach(this::know);
    }

    private synchronized Optional<byte[]> file(ClassId id) {
        Optional<byte[]> known = files.get(id);
        if (known == null) {
            known = Weaving.resource(id);
            files.put(id, known);
        }
        return known;
    }
}
