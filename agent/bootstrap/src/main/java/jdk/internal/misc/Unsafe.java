package jdk.internal.misc;

/**
 * Stands in, at compile time only, for the JDK's own class, which {@code --release} hides. It is left out of the jar. What is declared
 * here is native, or an intrinsic, in every JDK from 17 on.
 */
public final class Unsafe {

    private Unsafe() {}

    public static Unsafe getUnsafe() {
        throw new IllegalStateException("the stand-in for the compiler was loaded");
    }

    public long objectFieldOffset(Class<?> type, String name) {
        return 0;
    }

    public Object getReference(Object object, long offset) {
        return null;
    }

    public boolean compareAndSetInt(Object object, long offset, int expected, int updated) {
        return false;
    }

    public boolean shouldBeInitialized(Class<?> type) {
        return true;
    }

    public void putIntRelease(Object object, long offset, int value) {}

    public void park(boolean isAbsolute, long time) {}

    public void unpark(Object thread) {}
}
