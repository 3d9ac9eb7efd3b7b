package dev.loom.agent.code;

import dev.loom.agent.evacuation.WatchedMethod;
import dev.loom.bootstrap.ConstraintLocks;
import dev.loom.bootstrap.HookRegistry;
import dev.loom.bootstrap.hook.ConstraintLock;
import dev.loom.bootstrap.hook.RegionHook;
import dev.loom.bootstrap.standstill.Standstill;
import dev.loom.filter.plan.ConstraintPlan;
import dev.loom.filter.plan.EventPlan;
import dev.loom.filter.plan.MethodPlan;
import dev.loom.filter.plan.RegionPlan;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The locks and hooks of all versions of a filter, and of its next install after a removal. A constraint that reads the same has the
 * same lock, and a region that reads the same has the same hook: a replacement changes nothing for them; a frame that slept through a
 * removal and an install finds the very hook that is wanted; and the same filter makes the same code again. What no version uses
 * passes, and holds on to nothing. Thread-safe.
 */
public final class FilterHooks {

    /** Hooks that no version uses which are kept, in case the same comes again. */
    private static final int MAX_IDLE = 256;

    private final String filter;
    private final Map<String, ConstraintLock> locks = new HashMap<>();
    private final Map<String, RegionHook> hooks = new LinkedHashMap<>();
    /** The methods with regions of a lock, in whatever version, as {@link WatchedMethod#shown}. */
    private final Map<ConstraintLock, Set<String>> methods = new IdentityHashMap<>();

    public FilterHooks(String filter) {
        this.filter = filter;
    }

    /** What names a constraint, and so its lock. */
    static String lockKey(ConstraintPlan constraint) {
        return (constraint.observe() ? "observe " : "") + constraint.canonicalText();
    }

    /** What names a region in all versions of the filter. */
    String token(ConstraintPlan constraint, MethodPlan method, RegionPlan region) {
        return filter + '|' + lockKey(constraint) + '|' + region.side() + '|' + method.method() + '|' + region.entryLines()
                + region.exitLines() + '|' + (region.key() == null ? "" : region.key().text());
    }

    /** What names an event in all versions of the filter. */
    String token(ConstraintPlan constraint, MethodPlan method, EventPlan event) {
        return filter + '|' + lockKey(constraint) + '|' + event.position() + '|' + method.method() + '|' + event.line() + '|'
                + (event.key() == null ? "" : event.key().text());
    }

    /** What names a lock among those of all filters. */
    String lockName(ConstraintPlan constraint) {
        return filter + '|' + lockKey(constraint);
    }

    /** The hook of a region; null for a constraint that has no lock. A new one passes. */
    synchronized @Nullable RegionHook hook(String token, ConstraintPlan constraint, MethodPlan method, RegionPlan region) {
        RegionHook known = hooks.get(token);
        if (known != null) {
            return known;
        }
        ConstraintLock lock;
        if (constraint instanceof ConstraintPlan.Exclusion exclusion) {
            lock = locks.computeIfAbsent(lockKey(constraint), k -> newLock(exclusion));
        } else if (constraint instanceof ConstraintPlan.Unilateral unilateral) {
            lock = lock(unilateral);
        } else {
            return null;
        }
        RegionHook hook = HookRegistry.create(lock, region.side(), region.shared(), RegionHook.Mode.PASS);
        hooks.put(token, hook);
        String owner = method.method().owner().replace('/', '.');
        methods.computeIfAbsent(lock, k -> new HashSet<>()).add(WatchedMethod.shown(owner, method.method().name()));
        return hook;
    }

    /** The hook of an event of an order. A new one passes. */
    synchronized RegionHook hook(String token, ConstraintPlan.Order order, MethodPlan method, EventPlan event) {
        RegionHook known = hooks.get(token);
        if (known != null) {
            return known;
        }
        ConstraintLock lock = locks.computeIfAbsent(
                lockKey(order),
                k -> ConstraintLocks.order(
                        filter + ": " + order.canonicalText(), order.keyed(), order.events(), order.each(), order.within().toNanos()));
        RegionHook hook = HookRegistry.createEvent(
                lock, event.position(), event.countKey() == null ? event.count() : 0, RegionHook.Mode.PASS);
        hooks.put(token, hook);
        return hook;
    }

    /** Forgets what has happened for an order none of whose hooks is in force: it begins with the filter that enables it. */
    synchronized void begin(ConstraintLock lock) {
        if (hooks.values().stream().noneMatch(hook -> hook.lock() == lock && hook.mode() != RegionHook.Mode.PASS)) {
            lock.restart();
        }
    }

    /** The lock of {@code r <> *}, which is there before a class with its region is. */
    synchronized ConstraintLock lock(ConstraintPlan.Unilateral constraint) {
        return locks.computeIfAbsent(
                lockKey(constraint), k -> ConstraintLocks.unilateral(filter + ": " + constraint.canonicalText()));
    }

    private ConstraintLock newLock(ConstraintPlan.Exclusion exclusion) {
        boolean[] shared = new boolean[exclusion.shared().size()];
        for (int i = 0; i < shared.length; i++) {
            shared[i] = exclusion.shared().get(i);
        }
        return ConstraintLocks.of(filter + ": " + exclusion.canonicalText(), exclusion.keyed(), shared);
    }

    /** Forgets hooks that are not in use, the oldest first, as far as there are too many. */
    public synchronized void trim(Set<String> used) {
        int idle = 0;
        for (String token : hooks.keySet()) {
            if (!used.contains(token)) {
                idle++;
            }
        }
        Iterator<Map.Entry<String, RegionHook>> entries = hooks.entrySet().iterator();
        while (idle > MAX_IDLE && entries.hasNext()) {
            Map.Entry<String, RegionHook> entry = entries.next();
            if (!used.contains(entry.getKey())) {
                HookRegistry.unregister(entry.getValue().id());
                entries.remove();
                idle--;
            }
        }
        locks.values().removeIf(lock -> !Standstill.isInForce(lock) && hooks.values().stream().noneMatch(hook -> hook.lock() == lock));
        methods.keySet().retainAll(locks.values());
    }

    /** Forgets all. Code that has such a hook still passes. */
    public synchronized void close() {
        hooks.values().forEach(hook -> HookRegistry.unregister(hook.id()));
        hooks.clear();
        locks.clear();
        methods.clear();
    }

    /** Whether a frame of a method may hold a lock; null if the lock is not one of these. */
    public synchronized @Nullable Boolean mayHold(ConstraintLock lock, String method) {
        Set<String> known = methods.get(lock);
        return known == null ? null : known.contains(method);
    }
}
