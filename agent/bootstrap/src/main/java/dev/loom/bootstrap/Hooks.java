package dev.loom.bootstrap;

import java.lang.invoke.CallSite;
import java.lang.invoke.ConstantCallSite;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import jdk.internal.vm.annotation.DontInline;
import jdk.internal.vm.annotation.ForceInline;
import jdk.internal.vm.annotation.ReservedStackAccess;

/**
 * The facade that woven code calls. Whatever goes wrong here is counted in {@link Faults} and the code goes on as if it were not
 * woven.
 *
 * <p>A region looks like this: {@code hold = enter(hold); depth = depth(hold); … exit(hold, depth);} with {@code exit} on every
 * edge that leaves.
 */
public final class Hooks {

    private Hooks() {}

    /**
     * Links the entry of a region. The call site takes the hold that the frame has (null if none) and, where the key starts at a
     * value of the frame, that value; it returns the hold to keep. A hold that is there already is returned unchanged.
     *
     * @param type {@code (Hold)Hold}, or {@code (Hold,K)Hold} with K Object or primitive
     * @param hookId id of a {@link RegionHook} in the {@link HookRegistry}
     * @param keySource where the key comes from: empty for none, {@code arg}, {@code static:owner#name#desc}, {@code
     *     class:internalName} or {@code lit:I:42} (I also for long; D, Z, S; C as a number); but for the first and last followed by
     *     any number of field steps {@code |owner#name#desc}
     */
    public static CallSite enter(MethodHandles.Lookup caller, String name, MethodType type, int hookId, String keySource) {
        return new ConstantCallSite(HookLinker.link(caller, type, hookId, keySource));
    }

    /**
     * The depth of the hold that {@code enter} has just acquired, from 1; 0 if there is nothing to release. (Of a hold that the
     * frame already had, it may be more than what the frame has to release: keep the depth together with the hold.)
     */
    @ForceInline
    public static int depth(Hold hold) {
        return hold == null ? 0 : hold.depth();
    }

    /**
     * Leaves a region: releases down to {@code depth - 1} levels, so that inner exits that were lost are made up for. Never
     * leaves anything behind: where the stack ends in here, it releases first, and the JVM throws its StackOverflowError after
     * that, as it may at any call so near the end.
     */
    @ForceInline
    @ReservedStackAccess
    public static void exit(Hold hold, int depth) {
        if (hold == null) {
            return;
        }
        try {
            hold.exit(depth);
        } catch (Throwable t) {
            exitFailed(t);
        }
    }

    /** The same for a region that overlaps others of its constraint in the same frame: releases one level. */
    @ForceInline
    @ReservedStackAccess
    public static void exitOne(Hold hold, int depth) {
        if (hold == null) {
            return;
        }
        try {
            hold.exitOne(depth);
        } catch (Throwable t) {
            exitFailed(t);
        }
    }

    private static void exitFailed(Throwable fault) {
        Error stop = failed(Faults.Kind.EXIT, fault);
        if (stop != null) {
            throw stop;
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

    /** Has all entries pass from now on and lets all waits go on: for the JVM's shutdown. */
    public static void passAll() {
        HookRegistry.passAll(true);
    }

    // What call sites are linked to. Each is called with the constants of its site.

    @ForceInline
    static Hold enterExclusive(Hold hold, RegionHook hook, ExclusiveLock.Sync sync, ExclusiveHold token) {
        if (hold != null) {
            return hold;
        }
        int gear = hook.gear;
        if (gear == RegionHook.PASS) {
            return null;
        }
        boolean acquiring = false;
        Thread me = Thread.currentThread();
        try {
            if (gear == RegionHook.ENFORCE) {
                if (sync.owner() == me) {
                    sync.depth++;
                    hook.hits++;
                    return token;
                }
                acquiring = true;
                if (sync.tryEnter(me, hook)) {
                    hook.hits++;
                    return token;
                }
            }
            return enterExclusiveSlowly(hook, sync, token, me);
        } catch (Throwable t) {
            Error stop = null;
            try {
                stop = giveBack(acquiring ? sync : null, me, t);
            } catch (Throwable heldBack) {
                // by the JVM, until the lock was given back
            }
            if (stop != null) {
                throw stop;
            }
            return null;
        }
    }

    @DontInline
    private static Hold enterExclusiveSlowly(RegionHook hook, ExclusiveLock.Sync sync, ExclusiveHold token, Thread me) {
        if (hook.gear != RegionHook.ENFORCE) {
            return enterInOtherGear(hook, TableLock.NONE, 0, null, me);
        }
        if (!sync.enterContended(hook, me)) {
            return null;
        }
        hook.hits++;
        return token;
    }

    @ReservedStackAccess
    private static Error giveBack(ExclusiveLock.Sync sync, Thread me, Throwable fault) {
        if (sync != null && sync.owner() == me) {
            sync.releaseTo(0);
        }
        return failed(Faults.Kind.ENTER, fault);
    }

    @ForceInline
    static Hold enterUnkeyed(Hold hold, RegionHook hook, TableLock table) {
        return enterTable(hold, hook, table, TableLock.NONE, 0, null);
    }

    static Hold enterReference(Hold hold, Object key, RegionHook hook, TableLock table) {
        if (key != null) {
            Class<?> type = key.getClass();
            if (type == String.class) {
                return enterTable(hold, hook, table, TableLock.STRING, 0, key);
            }
            if (type == Long.class || type == Integer.class || type == Short.class || type == Byte.class) {
                return enterTable(hold, hook, table, TableLock.INTEGRAL, ((Number) key).longValue(), null);
            }
            if (type == Double.class || type == Float.class) {
                return enterFloating(hold, ((Number) key).doubleValue(), hook, table);
            }
            if (type == Character.class) {
                return enterTable(hold, hook, table, TableLock.CHARACTER, (Character) key, null);
            }
            if (type == Boolean.class) {
                return enterBoolean(hold, (Boolean) key, hook, table);
            }
        }
        return enterTable(hold, hook, table, TableLock.REFERENCE, 0, key);
    }

    @ForceInline
    static Hold enterIntegral(Hold hold, long key, RegionHook hook, TableLock table) {
        return enterTable(hold, hook, table, TableLock.INTEGRAL, key, null);
    }

    @ForceInline
    static Hold enterFloating(Hold hold, double key, RegionHook hook, TableLock table) {
        return enterTable(hold, hook, table, TableLock.FLOATING, Double.doubleToLongBits(key), null);
    }

    @ForceInline
    static Hold enterCharacter(Hold hold, char key, RegionHook hook, TableLock table) {
        return enterTable(hold, hook, table, TableLock.CHARACTER, key, null);
    }

    @ForceInline
    static Hold enterBoolean(Hold hold, boolean key, RegionHook hook, TableLock table) {
        return enterTable(hold, hook, table, TableLock.BOOLEAN, key ? 1 : 0, null);
    }

    private static Hold enterTable(Hold hold, RegionHook hook, TableLock table, int kind, long bits, Object reference) {
        if (hold != null) {
            return hold;
        }
        int gear = hook.gear;
        if (gear == RegionHook.PASS) {
            return null;
        }
        Thread me = Thread.currentThread();
        try {
            if (gear != RegionHook.ENFORCE) {
                return enterInOtherGear(hook, kind, bits, reference, me);
            }
            return enterTableNow(hook, hook.cells, table, kind, bits, reference, me);
        } catch (Throwable t) {
            Error stop = null;
            try {
                stop = giveBack(gear == RegionHook.ENFORCE ? table : null, kind, bits, reference, me, t);
            } catch (Throwable heldBack) {
                // by the JVM, until the level was given back
            }
            if (stop != null) {
                throw stop;
            }
            return null;
        }
    }

    @ReservedStackAccess
    private static Error giveBack(TableLock table, int kind, long bits, Object reference, Thread me, Throwable fault) {
        if (table != null) {
            table.undo(kind, bits, reference, me);
        }
        return failed(Faults.Kind.ENTER, fault);
    }

    private static Hold enterTableNow(
            RegionHook hook, TableLock.Cell[] cells, TableLock table, int kind, long bits, Object reference, Thread me) {
        Holder holder = table.enter(hook, cells, kind, bits, reference, me);
        if (holder == null) {
            holder = table.enterContended(hook, cells, kind, bits, reference, me);
            if (holder == null) {
                return null;
            }
        }
        if (hook.gear == RegionHook.PASS) {
            table.release(holder, holder.depth - 1);
            return null;
        }
        holder.fresh = false;
        return holder;
    }

    @DontInline
    private static Hold enterInOtherGear(RegionHook hook, int kind, long bits, Object reference, Thread me) {
        switch (hook.gear) {
            case RegionHook.OBSERVE:
                return enterCarefully(hook, hook.observerCells(), hook.observer(), kind, bits, reference, me);
            case RegionHook.ENFORCE_BOTH:
            case RegionHook.ENFORCE:
                // the second only if the gear has changed since the caller looked
                return enterBoth(hook, kind, bits, reference, me);
            default:
                return null;
        }
    }

    /** The lock that the constraint had before, and then its own. */
    private static Hold enterBoth(RegionHook hook, int kind, long bits, Object reference, Thread me) {
        PairHold pair = new PairHold(hook);
        ConstraintLock first = hook.lockBefore();
        try {
            if (first != null) {
                pair.before(enterAny(first, hook, null, kind, bits, reference, me));
            }
            pair.now = enterAny(hook.lock(), hook, hook.cells, kind, bits, reference, me);
        } catch (Throwable t) {
            pair.exit(0);
            throw t;
        }
        return pair.now == null && pair.before == null ? null : pair;
    }

    private static Hold enterAny(
            ConstraintLock lock, RegionHook hook, TableLock.Cell[] cells, int kind, long bits, Object reference, Thread me) {
        if (lock instanceof TableLock table) {
            return enterCarefully(hook, cells, table, table.keyed() ? kind : TableLock.NONE, bits, reference, me);
        }
        ExclusiveLock exclusive = (ExclusiveLock) lock;
        Hold hold = enterCarefully(hook, exclusive.sync, new ExclusiveHold(hook, exclusive), me);
        if (hold != null && lock == hook.lock()) {
            hook.hits++;
        }
        return hold;
    }

    private static Hold enterCarefully(
            RegionHook hook, TableLock.Cell[] cells, TableLock table, int kind, long bits, Object reference, Thread me) {
        try {
            return enterTableNow(hook, cells, table, kind, bits, reference, me);
        } catch (Throwable t) {
            table.undo(kind, bits, reference, me);
            throw t;
        }
    }

    private static Hold enterCarefully(RegionHook hook, ExclusiveLock.Sync sync, ExclusiveHold token, Thread me) {
        if (sync.owner() == me) {
            sync.depth++;
        } else {
            try {
                if (!sync.tryEnter(me, hook) && !sync.enterContended(hook, me)) {
                    return null;
                }
            } catch (Throwable t) {
                giveBack(sync, me, t);
                throw t;
            }
        }
        return token;
    }

    /** Linked where linking failed. */
    static Hold fault(Hold hold) {
        Faults.again(Faults.Kind.LINK);
        return hold;
    }

    /** Linked around the evaluation of a key. */
    static Hold keyFault(Throwable fault, Hold hold) {
        Error stop = failed(Faults.Kind.KEY, fault);
        if (stop != null) {
            throw stop;
        }
        return hold;
    }

    /** Counts it; returns it if it is not Loom's but someone's {@code Thread.stop}, which is to go on. */
    private static Error failed(Faults.Kind kind, Throwable fault) {
        if (fault.getClass().getName().equals("java.lang.ThreadDeath")) {
            return (Error) fault;
        }
        Faults.caught(kind, fault);
        return null;
    }
}
