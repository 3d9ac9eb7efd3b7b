package dev.loom.bootstrap;

import java.lang.invoke.CallSite;
import java.lang.invoke.ConstantCallSite;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.atomic.AtomicLong;

/** The facade that woven code calls. No method throws, whatever goes wrong: it counts a fault and lets the code pass. */
public final class Hooks {

    static final AtomicLong FAULTS = new AtomicLong();

    private static final MethodHandle EXCLUSIVE;
    private static final MethodHandle FAULT;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            EXCLUSIVE = lookup.findStatic(Hooks.class, "enterExclusive",
                    MethodType.methodType(Hold.class, Hold.class, RegionHook.class, ExclusiveLock.class, ExclusiveHold.class));
            FAULT = lookup.findStatic(Hooks.class, "fault", MethodType.methodType(Hold.class, Hold.class));
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private Hooks() {}

    /**
     * Links the entry of a region. The call site takes the hold that the frame has (null if none) and, where the key starts at a
     * value of the frame, that value; it returns the hold to keep. A hold that is there already is returned unchanged.
     *
     * @param type {@code (Hold)Hold}, or {@code (Hold,K)Hold} with K Object or primitive
     * @param hookId id of a {@link RegionHook} in the {@link HookRegistry}
     * @param keySource where the key comes from, see {@code KeySource}
     */
    public static CallSite enter(MethodHandles.Lookup caller, String name, MethodType type, int hookId, String keySource) {
        MethodHandle target = FAULT;
        try {
            RegionHook hook = HookRegistry.find(hookId);
            if (hook != null) {
                target = MethodHandles.insertArguments(EXCLUSIVE, 1, hook, hook.lock(), hook.exclusiveHold);
            } else if (HookRegistry.known(hookId)) {
                target = MethodHandles.identity(Hold.class);
            }
        } catch (Throwable t) {
            FAULTS.incrementAndGet();
        }
        if (type.parameterCount() > 1) {
            target = MethodHandles.dropArguments(target, 1, type.parameterType(1));
        }
        return new ConstantCallSite(target);
    }

    /** The depth of the hold that {@code enter} has just returned; 0 if there is nothing to release. */
    public static int depth(Hold hold) {
        return hold == null ? 0 : hold.depth();
    }

    /** Leaves a region: releases down to {@code depth - 1} levels, so that inner exits that were lost are made up for. */
    public static void exit(Hold hold, int depth) {
        if (hold == null) {
            return;
        }
        try {
            hold.exit(depth);
        } catch (Throwable t) {
            FAULTS.incrementAndGet();
        }
    }

    /** Leaves a region that overlaps others of its constraint in the same frame: releases one level. */
    public static void exitOne(Hold hold, int depth) {
        if (hold == null) {
            return;
        }
        try {
            hold.exitOne(depth);
        } catch (Throwable t) {
            FAULTS.incrementAndGet();
        }
    }

    /** The hold of a frame that is inside a region without its lock: raises the hook's gauge, which its exit lowers. */
    public static Hold unprotected(int hookId) {
        RegionHook hook = HookRegistry.find(hookId);
        if (hook == null) {
            return null;
        }
        hook.unprotected.getAndIncrement();
        return hook.unprotectedHold;
    }

    static Hold enterExclusive(Hold hold, RegionHook hook, ExclusiveLock lock, ExclusiveHold token) {
        if (hold != null) {
            return hold;
        }
        try {
            if (hook.mode != RegionHook.Mode.ENFORCE) {
                return null;
            }
            Thread me = Thread.currentThread();
            if (lock.ownedBy(me)) {
                lock.depth++;
                hook.hits++;
                return token;
            }
            if (!lock.tryFast(me, hook.id())) {
                lock.enterContended(hook.id());
            }
            hook.hits++;
            if (hook.mode != RegionHook.Mode.ENFORCE) {
                lock.releaseTo(0);
                return null;
            }
            return token;
        } catch (Throwable t) {
            FAULTS.incrementAndGet();
            return null;
        }
    }

    static Hold fault(Hold hold) {
        FAULTS.incrementAndGet();
        return hold;
    }
}
