package dev.loom.agent.transform;

import dev.loom.filter.classes.ClassHeader;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The class files that a loader finds for an old class file that is woven, and what that comes to know of them: their headers, by
 * which it can be told later whether the same would come of it. Not thread-safe: one for each class.
 */
final class Relatives implements Function<String, Optional<byte[]>> {

    /** Of the JDK's classes the version tells. */
    private static final String JDK = Runtime.version().toString();

    private final @Nullable ClassLoader loader;
    /** Headers that were read before, also for other classes of the loader. */
    private final LoaderTable<String> known;
    private final Map<String, String> asked = new HashMap<>();

    Relatives(@Nullable ClassLoader loader, LoaderTable<String> known) {
        this.loader = loader;
        this.known = known;
    }

    @Override
    public Optional<byte[]> apply(String name) {
        ClassId id = new ClassId(loader, name);
        Optional<byte[]> found = Weaving.resource(id);
        if (found.isPresent()) {
            asked.put(name, isJdk(name) ? JDK : noted(id, found.get()));
        }
        return found;
    }

    /** What was asked for and found; a class for which something was not found cannot be woven. */
    Map<String, String> asked() {
        return Map.copyOf(asked);
    }

    /** What another class is now; null if that cannot be told. */
    @Nullable String header(String name) {
        if (isJdk(name)) {
            return JDK;
        }
        ClassId id = new ClassId(loader, name);
        String header = known.get(id);
        if (header != null) {
            return header;
        }
        try {
            return Weaving.resource(id).map(classFile -> noted(id, classFile)).orElse(null);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private String noted(ClassId id, byte[] classFile) {
        String header = ClassHeader.of(classFile).text();
        known.put(id, header);
        return header;
    }

    private static boolean isJdk(String name) {
        return name.startsWith("java/");
    }
}
