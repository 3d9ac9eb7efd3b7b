package dev.loom.bootstrap.watch;

import jdk.internal.misc.Unsafe;

/** What only the JDK's own code can ask: whether classes are initialized, without initializing them; what its collections lock. */
final class ClassState {

    private static final Unsafe UNSAFE = find();

    private ClassState() {}

    private static Unsafe find() {
        try {
            return Unsafe.getUnsafe();
        } catch (Throwable t) {
            return null;
        }
    }

    /** What a synchronized collection of {@link java.util.Collections} locks: itself, or that of which it is a view. */
    static Object mutex(Object collection) {
        if (UNSAFE != null) {
            for (Class<?> type = collection.getClass(); type != Object.class; type = type.getSuperclass()) {
                if (type.getSuperclass() == Object.class) {
                    return UNSAFE.getReference(collection, UNSAFE.objectFieldOffset(type, "mutex"));
                }
            }
        }
        return collection;
    }

    /** False where nobody can tell. */
    static boolean isInitialized(Class<?> type) {
        return UNSAFE != null && !UNSAFE.shouldBeInitialized(type);
    }
}
