package dev.loom.bootstrap.lock;

import dev.loom.bootstrap.hook.HookTable;
import dev.loom.bootstrap.hook.RegionHook;

/** For how long a lock has been held by no thread, so that this cannot be one on its way in or out. Guarded by the lock's latch. */
final class Orphan {

    /** A lock held by no thread for so long is one that an error left behind, ns. */
    private static final long ORPHANED = 10_000_000_000L;

    /** Hook, number of its entries, and time when the lock was first seen held by no one. */
    private int id;

    private long hits;
    private long since;

    /** A thread holds it. */
    void hasOwner() {
        id = 0;
    }

    /** No thread holds it that came in by that hook; whether that has been so for long, without any entry. */
    boolean isLeft(int hookId) {
        RegionHook hook = HookTable.find(hookId);
        long hitsNow = hook == null ? 0 : hook.hits;
        long now = System.nanoTime();
        if (id != hookId || hits != hitsNow) {
            id = hookId;
            hits = hitsNow;
            since = now;
        }
        return now - since > ORPHANED;
    }
}
