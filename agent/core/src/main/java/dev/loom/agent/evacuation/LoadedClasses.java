package dev.loom.agent.evacuation;

import dev.loom.agent.transform.ClassId;
import dev.loom.agent.transform.Weaving;
import dev.loom.filter.classes.ClassSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The classes loaded at one moment, as the filter engine and the manager look at them. Class files come from the loaders'
 * resources and are compared with what was loaded before anything is woven.
 */
final class LoadedClasses {

    private final Map<String, List<Class<?>>> byName = new HashMap<>();
    private final Map<ClassId, Optional<byte[]>> files = new HashMap<>();
    private final Weaving weaving;

    LoadedClasses(Weaving weaving) {
        this.weaving = weaving;
        for (Class<?> type : weaving.loaded()) {
            if (!type.isArray() && !type.isHidden()) {
                byName.computeIfAbsent(type.getName().replace('.', '/'), k -> new ArrayList<>(1)).add(type);
            }
        }
    }

    /** The loaded classes of a name, one for each loader. */
    List<Class<?>> named(String internalName) {
        return byName.getOrDefault(internalName, List.of());
    }

    boolean isLoaded(String internalName) {
        return byName.containsKey(internalName);
    }

    /** Takes note of the true class file of a loaded class. */
    synchronized void know(Class<?> type, byte[] classFile) {
        files.put(ClassId.of(type), Optional.of(classFile));
    }

    /** What the engine may ask, as code of the given loader sees it. */
    ClassSource seenFrom(@Nullable ClassLoader loader) {
        return new ClassSource() {
            @Override
            public Optional<byte[]> find(String internalName) {
                return bytes(loader, internalName);
            }

            @Override
            public Set<String> names() {
                return new HashSet<>(byName.keySet());
            }

            @Override
            public boolean mayGrow() {
                return true;
            }
        };
    }

    private Optional<byte[]> bytes(@Nullable ClassLoader loader, String name) {
        Class<?> chosen = null;
        for (Class<?> type : named(name)) {
            if (type.getClassLoader() == loader) {
                chosen = type;
            }
        }
        if (chosen == null) {
            Optional<byte[]> visible = file(new ClassId(loader, name));
            if (visible.isPresent() || named(name).isEmpty()) {
                return visible;
            }
            chosen = named(name).get(0);
        }
        Optional<byte[]> file = file(ClassId.of(chosen));
        if (file.isPresent()) {
            return file;
        }
        byte[] captured = weaving.classFiles(List.of(chosen)).get(chosen);
        if (captured != null) {
            know(chosen, captured);
        }
        return Optional.ofNullable(captured);
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
