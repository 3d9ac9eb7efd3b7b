package dev.loom.filter.classes;

import java.util.Collection;
import java.util.Optional;
import java.util.Set;

/**
 * Gives the bytes of classes by name, without loading any of them. Implementations may be used by several threads.
 */
public interface ClassSource {

    /**
     * The class file of a class.
     *
     * @param internalName for example {@code com/acme/Bank$Worker}
     * @return empty if this source does not have it
     */
    Optional<byte[]> find(String internalName);

    /**
     * Internal names of all the classes that this source can list. A live JVM lists what is loaded; used for near-misses, for
     * {@code Bank.java:42} and to find nested classes that an InnerClasses attribute does not name. Going through them may be slow.
     */
    Set<String> names();

    /**
     * Of {@link #names}, those of one package.
     *
     * @param packageName with a slash at its end, {@code com/acme/}; empty for the unnamed package
     */
    default Collection<String> inPackage(String packageName) {
        return names().stream()
                .filter(n -> n.startsWith(packageName) && n.indexOf('/', packageName.length()) < 0)
                .toList();
    }

    /**
     * Whether a class that is not found here may still appear (a JVM that has not loaded it yet). If so, an unknown class is
     * not an error but something to wait for.
     */
    default boolean mayGrow() {
        return false;
    }

    /** A source without any class. */
    static ClassSource empty() {
        return new NoClasses(false);
    }

    /** No class, but any may appear: as in a JVM that has not loaded anything yet, a class is never unknown. */
    static ClassSource nothingYet() {
        return new NoClasses(true);
    }
}
