package dev.loom.bootstrap;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** The hooks of this JVM. For the agent, not for woven code. Thread-safe. */
public final class HookRegistry {

    /** By id; replaced by a longer one, never shortened, so that it is read without a lock. */
    private static volatile RegionHook[] hooks = new RegionHook[64];

    private static int lastId;
    private static volatile boolean allPass;

    static {
        warmUp();
    }

    private HookRegistry() {}

    /** Initializes what hooks need now: a class whose initialization fails at the end of a stack is lost for good. */
    private static void warmUp() {
        Hooks.depth(null);
        Raw.isOutOfReach();
        if (LoomCode.enter()) {
            LoomCode.leave();
        }
        Interrupts.openUp();
        Thread me = Thread.currentThread();
        KeyedLock lock = new KeyedLock("warm-up", true, 1, false);
        RegionHook hook = lock.hook(0, 0, true);
        new PairHold(hook).exit(0);
        hook.unprotectedHold().exit(0);
        UnprotectedHold.shared(hook).share().exit(0);
        Wait wait = new KeyedWait(lock, hook, me, System.nanoTime(), null);
        WaitRegistry.begin(wait);
        wait.ended = true;
        wait.conclude(true);
        hook.mode(RegionHook.Mode.OBSERVE);
        hook.counts();
        hook.tokensOut();
        OrderState order = new OrderState("warm-up", true, 2, false, 1);
        EventHook event = order.hook(0, 0, false);
        event.mode(RegionHook.Mode.ENFORCE);
        Hooks.completed(OrderHooks.arriveIntegral(null, 1, event, order));
        EventHook late = order.hook(0, 1, false);
        late.mode(RegionHook.Mode.ENFORCE);
        OrderHooks.arriveReference(null, "", late, order);
        late.counts();
        order.tokensOut(late);
        LockSupport.unpark(me);
        LockSupport.parkNanos(hook, 1);
        LockSupport.unpark(me);
        Faults.total();
        Faults.recent();
        Standstill.warmUp();
        HookLinker.warmUp();
    }

    /** Makes a hook, ready to be called by woven code. */
    public static synchronized RegionHook create(ConstraintLock lock, int side, boolean shared, RegionHook.Mode mode) {
        int id = lastId + 1;
        RegionHook hook = lock.hook(id, side, shared);
        hook.mode(mode);
        RegionHook[] all = hooks;
        if (id >= all.length) {
            all = Arrays.copyOf(all, all.length * 2);
        }
        all[id] = hook;
        lastId = id;
        hooks = all;
        return hook;
    }

    /**
     * Makes the hook of one event of an order constraint.
     *
     * @param order from {@link ConstraintLock#order}
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
        RegionHook[] all = hooks;
        return id > 0 && id < all.length ? all[id] : null;
    }

    /** The hooks that are registered. */
    public static synchronized List<RegionHook> all() {
        List<RegionHook> found = new ArrayList<>();
        for (RegionHook hook : hooks) {
            if (hook != null) {
                found.add(hook);
            }
        }
        return found;
    }

    /** Forgets a hook that no woven code needs any more: it passes, and so do call sites that link to it later. */
    public static synchronized void unregister(int id) {
        RegionHook hook = find(id);
        if (hook != null) {
            hook.mode(RegionHook.Mode.PASS);
            hooks[id] = null;
        }
    }

    /** Has all hooks pass, whatever their mode, and lets all waits go on: at shutdown. False takes it back. */
    public static synchronized void passAll(boolean pass) {
        allPass = pass;
        for (RegionHook hook : all()) {
            hook.changeGear();
        }
        if (pass) {
            WaitRegistry.wake(null);
        }
    }

    static boolean allPass() {
        return allPass;
    }

    /** Whether there was a hook of that id that is forgotten by now. */
    static synchronized boolean forgotten(int id) {
        return id > 0 && id <= lastId && find(id) == null;
    }
}
