package dev.loom.bootstrap.hook;

import dev.loom.bootstrap.Faults;
import dev.loom.bootstrap.Hold;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/**
 * Composes what the entry of a region does: take the key, if there is one, and enter with the hook and its lock as constants.
 * Runs once for each call site.
 */
public final class HookLinker {

    static final MethodHandles.Lookup HERE = MethodHandles.lookup();

    private static final MethodHandle FAULT = entry(HERE, "fault");
    static final MethodHandle KEY_FAULT =
            find(HERE, "keyFault", MethodType.methodType(Hold.class, Throwable.class, Hold.class));
    static final MethodHandle IS_NULL = find(HERE, "isNull", MethodType.methodType(boolean.class, Object.class));
    static final MethodHandle PASS = MethodHandles.identity(Hold.class);
    static final MethodHandle HOLD_IS_NULL = IS_NULL.asType(MethodType.methodType(boolean.class, Hold.class));

    private HookLinker() {}

    /** The static method of the looking class that call sites of a kind are linked to: (Hold,…)Hold. */
    public static MethodHandle entry(MethodHandles.Lookup owner, String name, Class<?>... more) {
        return find(owner, name, MethodType.methodType(Hold.class, Hold.class, more));
    }

    /** Never throws: what cannot be linked passes and counts a fault at each entry. */
    public static MethodHandle link(MethodHandles.Lookup caller, MethodType type, int hookId, String keySource) {
        return link(caller, type, hookId, keySource, false);
    }

    /** The same for the count of an event. */
    public static MethodHandle linkCount(MethodHandles.Lookup caller, MethodType type, int hookId, String countSource) {
        return link(caller, type, hookId, countSource, true);
    }

    private static MethodHandle link(
            MethodHandles.Lookup caller, MethodType type, int hookId, String source, boolean isCount) {
        MethodHandle handle;
        try {
            RegionHook hook = HookTable.find(hookId);
            if (hook != null) {
                handle = link(caller, type, hook, source, isCount);
            } else if (HookTable.forgotten(hookId)) {
                handle = PASS;
            } else {
                Faults.note(Faults.Kind.LINK, "no hook ".concat(Integer.toString(hookId)));
                handle = FAULT;
            }
        } catch (Throwable t) {
            Faults.caught(Faults.Kind.LINK, t);
            handle = FAULT;
        }
        if (handle.type().parameterCount() < type.parameterCount()) {
            handle = MethodHandles.dropArguments(handle, 1, type.parameterType(1));
        }
        return handle.asType(type);
    }

    /** (Hold,…)Hold, with as many parameters as are used. */
    public static MethodHandle link(MethodHandles.Lookup caller, MethodType type, RegionHook hook, String source, boolean isCount)
            throws ReflectiveOperationException {
        MethodHandle plain = isCount ? null : hook.plainEntry();
        if (plain != null) {
            return plain;
        }
        return new KeyReader(caller, type, isCount ? hook.countEntry() : hook.keyedEntry(), isCount).link(source);
    }

    private static boolean isNull(Object object) {
        return object == null;
    }

    /** Linked where linking failed. */
    private static Hold fault(Hold hold) {
        Faults.again(Faults.Kind.LINK);
        return hold;
    }

    /** Linked around the evaluation of a key. */
    private static Hold keyFault(Throwable fault, Hold hold) {
        Error stop = Faults.failed(Faults.Kind.KEY, fault);
        if (stop != null) {
            throw stop;
        }
        return hold;
    }

    private static MethodHandle find(MethodHandles.Lookup owner, String name, MethodType type) {
        try {
            return owner.findStatic(owner.lookupClass(), name, type);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }
}
