package dev.loom.bootstrap;

import dev.loom.bootstrap.hook.ConstraintLock;
import dev.loom.bootstrap.hook.RegionHook;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/** Does what a woven method does at the edges of one region. */
public final class Woven {

    public final RegionHook hook;
    private final MethodHandle site;

    public Woven(RegionHook hook) {
        this(hook, "", null);
    }

    /** A region whose key starts at a value of the frame of that type; null for a key that does not. */
    public Woven(RegionHook hook, String keySource, Class<?> key) {
        this.hook = hook;
        MethodType type = MethodType.methodType(Hold.class, Hold.class);
        this.site = Hooks.enter(MethodHandles.lookup(), "enter", key == null ? type : type.appendParameterTypes(key), hook.id(),
                        keySource)
                .getTarget();
    }

    public static Woven enforcing(ConstraintLock lock, int side, boolean shared) {
        return new Woven(HookRegistry.create(lock, side, shared, RegionHook.Mode.ENFORCE));
    }

    public static Woven keyed(ConstraintLock lock, int side, boolean shared, Class<?> key) {
        return new Woven(HookRegistry.create(lock, side, shared, RegionHook.Mode.ENFORCE), "arg", key);
    }

    /** Enters with that key, if the region has one; boxed where it is primitive. */
    public Hold enter(Object... key) {
        return again(null, key);
    }

    /** Passes the entry in a frame that has that hold. */
    public Hold again(Hold held, Object... key) {
        try {
            if (key.length == 0) {
                return (Hold) site.invoke(held);
            }
            return (Hold) site.invokeWithArguments(held, key[0]);
        } catch (Throwable t) {
            throw new AssertionError("a hook threw", t);
        }
    }

    /** Runs the body in the region. */
    public void run(Runnable body, Object... key) {
        Hold hold = enter(key);
        int depth = Hooks.depth(hold);
        try {
            body.run();
        } finally {
            Hooks.exit(hold, depth);
        }
    }
}
