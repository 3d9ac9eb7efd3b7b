package dev.loom.bootstrap;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** The hooks of this JVM. For the agent, not for woven code. Thread-safe. */
public final class HookRegistry {

    private static final AtomicInteger LAST_ID = new AtomicInteger();
    private static final ConcurrentHashMap<Integer, RegionHook> HOOKS = new ConcurrentHashMap<>();

    private HookRegistry() {}

    /** Makes a hook, ready to be called by woven code. */
    public static RegionHook create(ConstraintLock lock, int side, boolean shared, RegionHook.Mode mode) {
        RegionHook hook = new RegionHook(LAST_ID.incrementAndGet(), lock, side, shared, mode);
        HOOKS.put(hook.id(), hook);
        return hook;
    }

    /** The hook of that id; null if there is none. */
    public static RegionHook find(int id) {
        return HOOKS.get(id);
    }

    /** Forgets a hook that no woven code refers to any more; call sites that are left pass. */
    public static void unregister(int id) {
        RegionHook hook = HOOKS.remove(id);
        if (hook != null) {
            hook.mode(RegionHook.Mode.PASS);
        }
    }

    /** Whether there is, or was, a hook of that id. */
    static boolean known(int id) {
        return id > 0 && id <= LAST_ID.get();
    }
}
