package dev.loom.bootstrap.hook;

import dev.loom.bootstrap.Hold;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.AccessibleObject;
import java.lang.reflect.Field;

/**
 * Reads the text that says where the key of a call site comes from, or its count, and composes the read. Fields are read with the rights of
 * the woven class, else by reflection.
 *
 * @param isCount whether it is a count, which is read for a frame that has a hold
 */
record KeyReader(MethodHandles.Lookup caller, MethodType type, KeyedEntry entry, boolean isCount) {

    MethodHandle link(String source) throws ReflectiveOperationException {
        if (source.isEmpty()) {
            throw new IllegalArgumentException("a key is needed");
        }
        if (source.startsWith("lit:")) {
            return literal(source.substring("lit:".length()));
        }
        String[] parts = split(source, '|');
        if (parts[0].equals("arg")) {
            Class<?> argument = type.parameterType(1);
            if (argument.isPrimitive()) {
                return KeyedCall.of(argument, entry);
            }
            return parts.length == 1 ? KeyedCall.of(Object.class, entry) : guarded(path(parts));
        }
        if (parts[0].startsWith("class:")) {
            Object constant = classNamed(parts[0].substring("class:".length()));
            return guarded(MethodHandles.insertArguments(path(parts), 1, constant));
        }
        if (parts[0].startsWith("static:")) {
            MethodHandle getter = getter(parts[0].substring("static:".length()), true);
            Class<?> value = getter.type().returnType();
            MethodHandle enter = value.isPrimitive() ? KeyedCall.of(value, entry) : path(parts);
            enter = enter.asType(enter.type().changeParameterType(1, value));
            return guarded(MethodHandles.collectArguments(enter, 1, getter));
        }
        throw new IllegalArgumentException("unknown source of a key");
    }

    /** (Hold,Object)Hold: follows the steps after the first part and enters with what it comes to. */
    private MethodHandle path(String[] parts) throws ReflectiveOperationException {
        MethodHandle enter = KeyedCall.of(Object.class, entry);
        MethodHandle enterWithNull = MethodHandles.insertArguments(enter, 1, (Object) null);
        for (int i = parts.length - 1; i > 0; i--) {
            MethodHandle getter = getter(parts[i], false);
            Class<?> value = getter.type().returnType();
            MethodHandle next = value.isPrimitive() ? KeyedCall.of(value, entry) : enter;
            MethodHandle step = MethodHandles.filterArguments(
                    next, 1, getter.asType(MethodType.methodType(next.type().parameterType(1), Object.class)));
            enter = MethodHandles.guardWithTest(
                    MethodHandles.dropArguments(HookLinker.IS_NULL, 0, Hold.class),
                    MethodHandles.dropArguments(enterWithNull, 1, Object.class),
                    step);
        }
        return enter;
    }

    private MethodHandle literal(String text) {
        String value = text.substring(2);
        return switch (text.charAt(0)) {
            case 'I' -> MethodHandles.insertArguments(KeyedCall.of(long.class, entry), 1, Long.parseLong(value));
            case 'D' -> MethodHandles.insertArguments(KeyedCall.of(double.class, entry), 1, Double.parseDouble(value));
            case 'C' -> MethodHandles.insertArguments(KeyedCall.of(char.class, entry), 1, (char) Integer.parseInt(value));
            case 'Z' -> MethodHandles.insertArguments(KeyedCall.of(boolean.class, entry), 1, Boolean.parseBoolean(value));
            case 'S' -> MethodHandles.insertArguments(KeyedCall.of(Object.class, entry), 1, value);
            default -> throw new IllegalArgumentException("unknown kind of literal");
        };
    }

    /** Takes the key only for a frame that has no hold (a count, for one that has), and passes if that fails. */
    private MethodHandle guarded(MethodHandle enter) {
        MethodType full = enter.type();
        Class<?>[] more = full.dropParameterTypes(0, 1).parameterArray();
        MethodHandle careful = MethodHandles.catchException(enter, Throwable.class, HookLinker.KEY_FAULT);
        MethodHandle pass = MethodHandles.dropArguments(HookLinker.PASS, 1, more);
        // a count is for a frame that has just arrived
        return isCount
                ? MethodHandles.guardWithTest(HookLinker.HOLD_IS_NULL, pass, careful)
                : MethodHandles.guardWithTest(HookLinker.HOLD_IS_NULL, careful, pass);
    }

    /** (Owner)Value, or ()Value. */
    private MethodHandle getter(String step, boolean isStatic) throws ReflectiveOperationException {
        String[] parts = split(step, '#');
        Class<?> owner = classNamed(parts[0]);
        Class<?> value = MethodType.fromMethodDescriptorString("()".concat(parts[2]), loader()).returnType();
        try {
            return isStatic
                    ? caller.findStaticGetter(owner, parts[1], value)
                    : caller.findGetter(owner, parts[1], value);
        } catch (IllegalAccessException e) {
            return HookLinker.HERE.unreflectGetter(opened(owner, parts[1], value));
        }
    }

    private static Field opened(Class<?> owner, String name, Class<?> value) throws NoSuchFieldException {
        for (Class<?> type = owner; type != null; type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                if (field.getName().equals(name) && field.getType() == value) {
                    AccessibleObject accessible = field;
                    accessible.setAccessible(true);
                    return field;
                }
            }
        }
        throw new NoSuchFieldException(name);
    }

    private Class<?> classNamed(String internalName) throws ClassNotFoundException {
        return Class.forName(internalName.replace('/', '.'), false, loader());
    }

    private ClassLoader loader() {
        return caller.lookupClass().getClassLoader();
    }

    /** Splits without regular expressions; never gives empty parts at the end away. */
    private static String[] split(String text, char separator) {
        int count = 1;
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == separator) {
                count++;
            }
        }
        String[] parts = new String[count];
        int start = 0;
        for (int part = 0; part < count; part++) {
            int end = text.indexOf(separator, start);
            parts[part] = text.substring(start, end < 0 ? text.length() : end);
            start = end + 1;
        }
        return parts;
    }
}
