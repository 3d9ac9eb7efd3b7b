package dev.loom.bootstrap;

import dev.loom.bootstrap.hook.ConstraintLock;
import dev.loom.bootstrap.hook.HookLinker;
import dev.loom.bootstrap.hook.HookTable;
import dev.loom.bootstrap.hook.RegionHook;
import dev.loom.bootstrap.lock.KeyedLock;
import dev.loom.bootstrap.order.OrderState;
import dev.loom.bootstrap.standstill.Standstill;
import dev.loom.bootstrap.wait.WaitRegistry;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** The hooks of this JVM. For the agent, not for woven code. Thread-safe. */
public final class HookRegistry {

    /** Done once, before the first hook: a JVM that never has one does not pay for it, not even when it ends. */
    private static final class WarmUp {
        static {
            warmUp();
        }

        private WarmUp() {}

        static void once() {
            // its initializer has done it
        }
    }

    private HookRegistry() {}

    /** Initializes what hooks need now: a class whose initialization fails at the end of a stack is lost for good. */
    private static void warmUp() {
        Hooks.depth(null);
        WaitRegistry.warmUp();
        KeyedLock.warmUp();
        OrderState.warmUp();
        Hooks.completed(null);
        Standstill.warmUp();
        Hooks.poll(0);
        Faults.total();
        Faults.recent();
        linkOnce();
    }

    /**
     * Links a site of each common shape and enters through it once, so that the JDK has spun its forms, and initialized what it
     * needs, before an application's thread comes, maybe at the end of its stack.
     */
    private static void linkOnce() {
        try {
            RegionHook keyed = ConstraintLocks.of("warm-up", true, false).hook(0, 0, false);
            RegionHook keyedEvent = ConstraintLocks.order("warm-up", true, 2, false, 1).hook(0, 0, false);
            Hold none = null;
            none = (Hold) link(ConstraintLocks.of("warm-up", false, false).hook(0, 0, false), null, "").invokeExact(none);
            none = (Hold) link(ConstraintLocks.of("warm-up", false, true).hook(0, 0, true), null, "").invokeExact(none);
            none = (Hold) link(ConstraintLocks.order("warm-up", false, 2, false, 1).hook(0, 0, false), null, "").invokeExact(none);
            none = (Hold) link(keyed, Object.class, "arg").invokeExact(none, (Object) "");
            none = (Hold) link(keyed, int.class, "arg").invokeExact(none, 1);
            none = (Hold) link(keyed, long.class, "arg").invokeExact(none, 1L);
            String ofField = "arg|".concat(RegionHook.class.getName().replace('.', '/')).concat("#id#I");
            none = (Hold) link(keyed, Object.class, ofField).invokeExact(none, (Object) keyed);
            none = (Hold) link(keyedEvent, Object.class, "arg").invokeExact(none, (Object) "");
            MethodType count = MethodType.methodType(Hold.class, Hold.class, int.class);
            none = (Hold) HookLinker.link(MethodHandles.lookup(), count, keyedEvent, "arg", true).invokeExact(none, 1);
        } catch (Throwable t) {
            Faults.caught(Faults.Kind.LINK, t);
        }
    }

    private static MethodHandle link(RegionHook hook, Class<?> key, String source) throws ReflectiveOperationException {
        MethodType plain = MethodType.methodType(Hold.class, Hold.class);
        return HookLinker.link(MethodHandles.lookup(), key == null ? plain : plain.appendParameterTypes(key), hook, source, false);
    }

    /** Makes a hook, ready to be called by woven code. */
    public static RegionHook create(ConstraintLock lock, int side, boolean shared, RegionHook.Mode mode) {
        WarmUp.once();
        return HookTable.create(lock, side, shared, mode);
    }

    /**
     * Makes the hook of one event of an order constraint.
     *
     * @param order from {@link ConstraintLocks#order}
     * @param event place of the event, from 0
     * @param count how often it has to complete before the next event may pass; 0 or less if that is read at each arrival, by
     *     {@link Hooks#count}
     */
    public static synchronized RegionHook createEvent(ConstraintLock order, int event, long count, RegionHook.Mode mode) {
        if (!(order instanceof OrderState lock)) {
            throw new IllegalArgumentException(order.name().concat(": no order"));
        }
        lock.needs(event, count > 0 ? count : OrderState.UNREAD);
        return create(order, event, false, mode);
    }

    /** The hook of that id; null if there is none. */
    public static RegionHook find(int id) {
        return HookTable.find(id);
    }

    /** The hooks that are registered. */
    public static List<RegionHook> all() {
        return HookTable.all();
    }

    /** Forgets a hook that no woven code needs any more: it passes, and so do call sites that link to it later. */
    public static void unregister(int id) {
        HookTable.unregister(id);
    }

    /** Has all hooks pass, whatever their mode, and lets all waits go on: at shutdown. False takes it back. */
    public static void passAll(boolean pass) {
        HookTable.passAll(pass);
    }
}
