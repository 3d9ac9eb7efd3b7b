package dev.loom.bootstrap.watch;

import jdk.internal.misc.Unsafe;

/** Whether classes are initialized, without initializing them. */
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

    /** False where nobody can tell. */
    static boolean isInitialized(Class<?> type) {
        return UNSAFE != null && !UNSAFE.shouldBeInitialized(type);
    }
}
