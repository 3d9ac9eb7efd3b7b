package dev.loom.agent.weave.watch;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;

/** Uses fields by updaters and handles, and objects that are safe by themselves. */
public class WatchTargetHandles implements Callable<String> {

    private static final AtomicIntegerFieldUpdater<WatchTargetHandles> COUNT =
            AtomicIntegerFieldUpdater.newUpdater(WatchTargetHandles.class, "count");
    private static final AtomicReferenceFieldUpdater<WatchTargetHandles, String> NAME =
            AtomicReferenceFieldUpdater.newUpdater(WatchTargetHandles.class, String.class, "state");
    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(WatchTargetHandles.class, "state", String.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private volatile int count;
    private volatile String state = "new";
    private final ConcurrentMap<String, Integer> map = new ConcurrentHashMap<>();
    private final AtomicInteger calls = new AtomicInteger();

    @Override
    public String call() {
        int before = COUNT.getAndAdd(this, 3);
        COUNT.incrementAndGet(this);
        boolean isNew = STATE.compareAndSet(this, "new", "old");
        NAME.set(this, COUNT.get(this) + "!");
        STATE.setVolatile(this, state + "?");
        AtomicIntegerFieldUpdater<WatchTargetHandles> passedOn = updater();
        map.putIfAbsent("key", passedOn.get(this));
        Integer mapped = map.get("key");
        map.remove("other");
        map.remove("key", 99);
        calls.incrementAndGet();
        return before + " " + isNew + " " + state + " " + mapped + " " + map + " " + calls.incrementAndGet();
    }

    private static AtomicIntegerFieldUpdater<WatchTargetHandles> updater() {
        return COUNT;
    }
}
