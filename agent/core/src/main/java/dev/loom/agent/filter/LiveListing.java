package dev.loom.agent.filter;

import dev.loom.agent.code.LoadedClasses;
import dev.loom.agent.control.CodeListing;
import dev.loom.agent.transform.ClassId;
import dev.loom.agent.transform.Weaving;
import dev.loom.filter.classes.ClassSource;
import dev.loom.filter.explain.ClassListing;
import dev.loom.filter.explain.ListedMethod;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Lists a loaded class with those inside it, and the hooks that are in force there. Changes nothing. */
final class LiveListing {

    /** Classes of one listing; a source file has fewer. */
    private static final int MAX_CLASSES = 200;
    /** Lines of all of them: what a page can show, and an answer carry. */
    private static final int MAX_LINES = 10_000;
    private static final int MAX_NAME = 500;

    private final LoadedClasses loaded;
    private final List<InstalledFilter> filters;

    private LiveListing(LoadedClasses loaded, List<InstalledFilter> filters) {
        this.loaded = loaded;
        this.filters = filters;
    }

    /**
     * Lists a class.
     *
     * @param name {@code com.acme.Bank}; of a nested one the outermost is listed
     * @param loader one of the names that a listing gives; empty for the application's main loader, or else any
     * @throws IllegalArgumentException if there is no such class
     */
    static CodeListing of(String name, String loader, List<InstalledFilter> filters, Weaving weaving) {
        String wanted = name.strip().replace('.', '/');
        if (wanted.isEmpty() || wanted.length() > MAX_NAME) {
            throw new IllegalArgumentException("the name of a class is wanted, com.acme.Bank");
        }
        return new LiveListing(new LoadedClasses(weaving), filters).of(wanted, loader.strip());
    }

    private CodeListing of(String wanted, String loader) {
        List<Class<?>> named = new ArrayList<>(named(wanted));
        named.sort(Comparator.comparing((Class<?> type) -> type.getClassLoader() != ClassLoader.getSystemClassLoader()));
        Class<?> found = named.stream().filter(type -> loader.isEmpty() || nameOf(type.getClassLoader()).equals(loader)).findFirst().orElseThrow(
                () -> new IllegalArgumentException("class " + wanted.replace('/', '.') + " is not loaded in this JVM"
                        + (loader.isEmpty() || named.isEmpty() ? "" : " by " + loader)));
        Class<?> outer = outermost(found);
        List<Class<?>> types = new ArrayList<>(List.of(outer));
        loaded.inside(ClassId.of(outer).name()).stream().filter(type -> type.getClassLoader() == outer.getClassLoader()).forEach(types::add);
        return of(types, named);
    }

    /** Also where a nested class is written with dots. */
    private List<Class<?>> named(String wanted) {
        String name = wanted;
        while (true) {
            List<Class<?>> found = loaded.named(name);
            int slash = name.lastIndexOf('/');
            if (!found.isEmpty() || slash < 0) {
                return found;
            }
            name = name.substring(0, slash) + '$' + name.substring(slash + 1);
        }
    }

    private Class<?> outermost(Class<?> type) {
        String name = ClassId.of(type).name();
        for (int i = name.indexOf('$', 1); i > 0; i = name.indexOf('$', i + 1)) {
            for (Class<?> outer : loaded.named(name.substring(0, i))) {
                if (outer.getClassLoader() == type.getClassLoader()) {
                    return outer;
                }
            }
        }
        return type;
    }

    private CodeListing of(List<Class<?>> types, List<Class<?>> named) {
        ClassLoader loader = types.get(0).getClassLoader();
        ClassSource classes = loaded.seenFrom(loader);
        List<CodeListing.Method> methods = new ArrayList<>();
        List<CodeListing.Hook> hooks = new ArrayList<>();
        List<String> omitted = new ArrayList<>();
        String source = "";
        int left = MAX_LINES;
        for (Class<?> type : types.subList(0, Math.min(types.size(), MAX_CLASSES))) {
            ClassId id = ClassId.of(type);
            byte[] file = classes.find(id.name()).orElse(null);
            ClassListing listing = file == null ? null : listing(file, left, omitted, type);
            if (listing == null) {
                continue;
            }
            source = source.isEmpty() ? listing.source() : source;
            listing.methods().forEach(method -> methods.add(shown(method)));
            left -= listing.methods().stream().mapToInt(method -> method.lines().size()).sum();
            hooks.addAll(hooks(id, file, classes));
        }
        if (left <= 0) {
            omitted.add("lines beyond the first " + MAX_LINES);
        }
        if (types.size() > MAX_CLASSES) {
            omitted.add((types.size() - MAX_CLASSES) + " of the classes inside it");
        }
        return new CodeListing(
                types.get(0).getName(), source, nameOf(loader), named.stream().map(type -> nameOf(type.getClassLoader())).distinct().toList(),
                String.join("; ", omitted), methods, hooks);
    }

    private static @Nullable ClassListing listing(byte[] file, int left, List<String> omitted, Class<?> type) {
        try {
            return ClassListing.of(file, left);
        } catch (RuntimeException e) {
            omitted.add(type.getName() + ": its class file cannot be read: " + e.getMessage());
            return null;
        }
    }

    private static CodeListing.Method shown(ListedMethod method) {
        return new CodeListing.Method(
                method.type(), method.name(), method.descriptor(), method.member(), method.shown(), method.keys(),
                method.lines().stream().map(line -> line.line()).toList(), method.lines().stream().map(line -> String.join(", ", line.does())).toList());
    }

    private List<CodeListing.Hook> hooks(ClassId id, byte[] file, ClassSource classes) {
        List<CodeListing.Hook> hooks = new ArrayList<>();
        for (InstalledFilter filter : filters) {
            var version = filter.isInForce() ? filter.version : null;
            if (version != null) {
                Map<String, String> names = new LinkedHashMap<>();
                version.hooks().keySet().forEach(token -> names.put(token, OngoingWaits.name(names.size())));
                version.regionsOf(id).forEach((method, regions) -> hooks.addAll(HookPlaces.of(filter.name, names, id, method, regions, file, classes)));
            }
        }
        return hooks;
    }

    /** What tells a loader from others, without asking it: its {@code toString} is the application's. */
    private static String nameOf(@Nullable ClassLoader loader) {
        if (loader == null) {
            return "boot";
        }
        return loader == ClassLoader.getSystemClassLoader() ? "app"
                : loader == ClassLoader.getPlatformClassLoader() ? "platform"
                        : loader.getClass().getName() + "@" + Integer.toHexString(System.identityHashCode(loader));
    }
}
