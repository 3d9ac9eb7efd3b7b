package dev.loom.agent.transform;

import org.jspecify.annotations.Nullable;

/**
 * One class of one loader.
 *
 * @param loader the defining loader; null for the boot loader
 * @param name internal name
 */
public record ClassId(@Nullable ClassLoader loader, String name) {

    public static ClassId of(Class<?> type) {
        return new ClassId(type.getClassLoader(), type.getName().replace('.', '/'));
    }

    /** The name as people write it. */
    public String dotted() {
        return name.replace('/', '.');
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ClassId id && id.loader == loader && id.name.equals(name);
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(loader) * 31 + name.hashCode();
    }
}
