package dev.loom.bootstrap.hook;

import dev.loom.bootstrap.Hold;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import jdk.internal.vm.annotation.ForceInline;

/**
 * Takes a key apart by its type and calls a {@link KeyedEntry} with it. The entry is a constant of the call site, so that the JIT knows
 * its class and calls it directly, whatever other sites are linked to.
 */
public final class KeyedCall {

    private static final MethodHandles.Lookup HERE = MethodHandles.lookup();

    private static final MethodHandle NONE = HookLinker.entry(HERE, "none", KeyedEntry.class);
    private static final MethodHandle REFERENCE = HookLinker.entry(HERE, "reference", Object.class, KeyedEntry.class);
    private static final MethodHandle INTEGRAL = HookLinker.entry(HERE, "integral", long.class, KeyedEntry.class);
    private static final MethodHandle FLOATING = HookLinker.entry(HERE, "floating", double.class, KeyedEntry.class);
    private static final MethodHandle CHARACTER = HookLinker.entry(HERE, "character", char.class, KeyedEntry.class);
    private static final MethodHandle BOOLEAN = HookLinker.entry(HERE, "bool", boolean.class, KeyedEntry.class);

    private KeyedCall() {}

    /** (Hold)Hold, without a key. */
    public static MethodHandle unkeyed(KeyedEntry entry) {
        return MethodHandles.insertArguments(NONE, 1, entry);
    }

    /** (Hold,T)Hold, with a key of that type: Object or a primitive. */
    static MethodHandle of(Class<?> type, KeyedEntry entry) {
        MethodHandle call;
        if (type == boolean.class) {
            call = BOOLEAN;
        } else if (type == char.class) {
            call = CHARACTER;
        } else if (type == float.class || type == double.class) {
            call = FLOATING;
        } else {
            call = type.isPrimitive() ? INTEGRAL : REFERENCE;
        }
        MethodHandle bound = MethodHandles.insertArguments(call, 2, entry);
        return bound.asType(MethodType.methodType(Hold.class, Hold.class, type));
    }

    @ForceInline
    private static Hold none(Hold hold, KeyedEntry entry) {
        return entry.enter(hold, KeyKind.NONE, 0, null);
    }

    private static Hold reference(Hold hold, Object key, KeyedEntry entry) {
        int kind = KeyKind.of(key);
        return entry.enter(hold, kind, KeyKind.bits(kind, key), KeyKind.reference(kind, key));
    }

    @ForceInline
    private static Hold integral(Hold hold, long key, KeyedEntry entry) {
        return entry.enter(hold, KeyKind.INTEGRAL, key, null);
    }

    @ForceInline
    private static Hold floating(Hold hold, double key, KeyedEntry entry) {
        return entry.enter(hold, KeyKind.FLOATING, KeyKind.bits(key), null);
    }

    @ForceInline
    private static Hold character(Hold hold, char key, KeyedEntry entry) {
        return entry.enter(hold, KeyKind.CHARACTER, key, null);
    }

    @ForceInline
    private static Hold bool(Hold hold, boolean key, KeyedEntry entry) {
        return entry.enter(hold, KeyKind.BOOLEAN, KeyKind.bits(key), null);
    }
}
