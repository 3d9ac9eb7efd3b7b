package dev.loom.bootstrap.wait;

import dev.loom.bootstrap.Faults;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/**
 * Puts back an interrupt that came during a wait. {@link Thread#interrupt()} may be overridden by the application (to close a
 * socket, say), and that is not to happen twice: where {@code java.lang} is open to this package the thread's own method is
 * called, past the override.
 */
final class Interrupts {

    private static volatile MethodHandle plain;

    private Interrupts() {}

    /** To be called once {@code java.lang} is open to this package; without it overrides are called, as the JDK's locks do. */
    static void openUp() {
        try {
            plain = MethodHandles.privateLookupIn(Thread.class, MethodHandles.lookup())
                    .findSpecial(Thread.class, "interrupt", MethodType.methodType(void.class), Thread.class);
        } catch (ReflectiveOperationException | RuntimeException e) {
            plain = null;
        }
    }

    static void restore(Thread me) {
        try {
            MethodHandle handle = plain;
            if (handle == null || me.getClass().getClassLoader() == null) {
                me.interrupt();
            } else {
                handle.invokeExact(me);
            }
        } catch (Throwable t) {
            Faults.caught(Faults.Kind.WAIT, t);
        }
    }
}
