package dev.loom.agent.weave;

import dev.loom.bootstrap.UpdatePointSites;
import java.lang.invoke.CallSite;
import java.lang.invoke.ConstantCallSite;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.atomic.AtomicLong;

/** Guards for tests that are on at every other question: each frame moves at each update point, and goes on behind it. */
public final class ForcedGuards {

    private static final MethodHandle NEXT;

    /** How often a guard was on. */
    public static final AtomicLong FORCED = new AtomicLong();

    static {
        try {
            NEXT = MethodHandles.lookup().findVirtual(Flip.class, "next", MethodType.methodType(boolean.class));
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private ForcedGuards() {}

    /** One flip a thread: recursion and several workers must not turn each other's guards. */
    private static final ThreadLocal<boolean[]> ON = ThreadLocal.withInitial(() -> new boolean[1]);

    static final class Flip {
        boolean next() {
            boolean[] on = ON.get();
            on[0] = !on[0];
            if (on[0]) {
                FORCED.incrementAndGet();
            }
            return on[0];
        }
    }

    public static CallSite guard(
            MethodHandles.Lookup caller, String name, MethodType type, String method, int version, int point) {
        UpdatePointSites.setLive(caller.lookupClass(), method, 1_000);
        return new ConstantCallSite(NEXT.bindTo(new Flip()));
    }
}
