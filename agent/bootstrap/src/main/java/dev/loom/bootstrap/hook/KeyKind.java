package dev.loom.bootstrap.hook;

import jdk.internal.vm.annotation.ForceInline;

/** The kinds of keys, and what of a key is compared: its kind, some bits, a reference. Keys of different kinds are never equal. */
public final class KeyKind {

    /** An entry without a key for now. */
    public static final int FREE = -1;
    /** No key. */
    public static final int NONE = 0;
    /** By identity; null is a key. */
    public static final int REFERENCE = 1;
    /** {@code String.equals}. */
    public static final int STRING = 2;
    /** byte, short, int and long, boxed or not, as long. */
    public static final int INTEGRAL = 3;
    /** float and double as {@code Double.equals} has it. */
    static final int FLOATING = 4;
    /** char. */
    static final int CHARACTER = 5;
    /** boolean. */
    static final int BOOLEAN = 6;

    private KeyKind() {}

    /** The kind of a key that is an object; a boxed value is what it boxes. */
    @ForceInline
    public static int of(Object key) {
        if (key == null) {
            return REFERENCE;
        }
        Class<?> type = key.getClass();
        if (type == String.class) {
            return STRING;
        }
        if (isWhole(type)) {
            return INTEGRAL;
        }
        if (type == Double.class || type == Float.class) {
            return FLOATING;
        }
        return type == Character.class ? CHARACTER : type == Boolean.class ? BOOLEAN : REFERENCE;
    }

    /** Whether a class boxes whole numbers. */
    @ForceInline
    static boolean isWhole(Class<?> type) {
        return type == Long.class || type == Integer.class || type == Short.class || type == Byte.class;
    }

    /** The bits of a key of that kind; 0 for one that is compared by reference. */
    @ForceInline
    public static long bits(int kind, Object key) {
        switch (kind) {
            case INTEGRAL:
                return ((Number) key).longValue();
            case FLOATING:
                return bits(((Number) key).doubleValue());
            case CHARACTER:
                return (Character) key;
            case BOOLEAN:
                return bits((boolean) (Boolean) key);
            default:
                return 0;
        }
    }

    @ForceInline
    static long bits(double key) {
        return Double.doubleToLongBits(key);
    }

    @ForceInline
    static long bits(boolean key) {
        return key ? 1 : 0;
    }

    /** What is compared of a key of that kind besides its bits. */
    @ForceInline
    public static Object reference(int kind, Object key) {
        return kind == STRING || kind == REFERENCE ? key : null;
    }

    public static int hash(int kind, long bits, Object reference) {
        int hash = switch (kind) {
            case NONE -> 0;
            case REFERENCE -> System.identityHashCode(reference);
            case STRING -> reference.hashCode();
            default -> Long.hashCode(bits);
        };
        hash = (hash + kind) * 0x9E3779B9;
        return hash ^ hash >>> 16;
    }
}
