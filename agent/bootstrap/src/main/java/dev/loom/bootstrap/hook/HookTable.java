package dev.loom.bootstrap.hook;

import dev.loom.bootstrap.wait.WaitRegistry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The hooks by the number that woven code knows, and whether all of them pass. Thread-safe. */
public final class HookTable {

    /** By id; replaced by a longer one, never shortened, so that it is read without a lock. */
    private static volatile RegionHook[] hooks = new RegionHook[64];

    private static int lastId;
    private static volatile boolean allPass;

    private HookTable() {}

    /** Has a lock make a hook under the next number. */
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

    public static RegionHook find(int id) {
        RegionHook[] all = hooks;
        return id > 0 && id < all.length ? all[id] : null;
    }

    public static synchronized List<RegionHook> all() {
        List<RegionHook> found = new ArrayList<>();
        for (RegionHook hook : hooks) {
            if (hook != null) {
                found.add(hook);
            }
        }
        return found;
    }

    public static synchronized void unregister(int id) {
        RegionHook hook = find(id);
        if (hook != null) {
            hook.mode(RegionHook.Mode.PASS);
            hooks[id] = null;
        }
    }

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
