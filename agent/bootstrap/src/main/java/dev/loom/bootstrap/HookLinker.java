package dev.loom.bootstrap;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.AccessibleObject;
import java.lang.reflect.Field;

/**
 * Composes what the entry of a region does: take the key, if there is one, and enter with the hook and its lock as constants.
 * Runs once for each call site. Fields are read with the rights of the woven class, else by reflection.
 */
final class HookLinker {

    private static final MethodHandles.Lookup HERE = MethodHandles.lookup();

    private static final MethodHandle FAULT = enterMethod("fault");
    private static final MethodHandle KEY_FAULT = find("keyFault", Hold.class, Throwable.class, Hold.class);
    private static final MethodHandle EXCLUSIVE =
            enterMethod("enterExclusive", RegionHook.class, ExclusiveLock.Sync.class, ExclusiveHold.class);
    private static final MethodHandle STANDSTILL = enterMethod("enterStandstill", RegionHook.class, StandstillLock.class);
    private static final MethodHandle UNKEYED = find(KeyedHooks.class, "enterUnkeyed", MethodType.methodType(Hold.class, Hold.class, KeyedHook.class, KeyedLock.class));
    private static final MethodHandle REFERENCE = keyed("enterReference", Object.class);
    private static final MethodHandle INTEGRAL = keyed("enterIntegral", long.class);
    private static final MethodHandle FLOATING = keyed("enterFloating", double.class);
    private static final MethodHandle CHARACTER = keyed("enterCharacter", char.class);
    private static final MethodHandle BOOLEAN = keyed("enterBoolean", boolean.class);
    private static final MethodHandle EVENT =
            find(OrderHooks.class, "arriveUnkeyed", MethodType.methodType(Hold.class, Hold.class, EventHook.class, OrderState.class));
    static final Target ENTER = new Target(REFERENCE, INTEGRAL, FLOATING, CHARACTER, BOOLEAN);
    static final Target ARRIVE = order("arrive");
    private static final Target COUNT = order("count");
    private static final MethodHandle IS_NULL =
            find(HookLinker.class, "isNull", MethodType.methodType(boolean.class, Object.class));
    private static final MethodHandle PASS = MethodHandles.identity(Hold.class);
    private static final MethodHandle HOLD_IS_NULL = IS_NULL.asType(MethodType.methodType(boolean.class, Hold.class));

    private HookLinker() {}

    /** What is called with the value of a key, or a count: by kind of value, each (Hold,K,RegionHook,lock)Hold. */
    record Target(
            MethodHandle reference, MethodHandle integral, MethodHandle floating, MethodHandle character, MethodHandle bool) {}

    private static Target order(String what) {
        return new Target(
                order(what.concat("Reference"), Object.class), order(what.concat("Integral"), long.class),
                order(what.concat("Floating"), double.class), order(what.concat("Character"), char.class),
                order(what.concat("Boolean"), boolean.class));
    }

    private static MethodHandle order(String name, Class<?> key) {
        return find(
                OrderHooks.class, name, MethodType.methodType(Hold.class, Hold.class, key, EventHook.class, OrderState.class));
    }

    static MethodHandle exclusive(ExclusiveHook hook, ExclusiveHold token) {
        return MethodHandles.insertArguments(EXCLUSIVE, 1, hook, token.sync, token);
    }

    static MethodHandle standstill(StandstillHook hook) {
        return MethodHandles.insertArguments(STANDSTILL, 1, hook, hook.lock());
    }

    static MethodHandle unkeyed(KeyedHook hook) {
        return MethodHandles.insertArguments(UNKEYED, 1, hook, hook.lock());
    }

    static MethodHandle event(EventHook hook) {
        return MethodHandles.insertArguments(EVENT, 1, hook, hook.lock());
    }

    /**
     * Links a site of each common shape and enters through it once, so that the JDK has spun its forms, and initialized what it
     * needs, before an application's thread comes, maybe at the end of its stack.
     */
    static void warmUp() {
        try {
            MethodType plain = MethodType.methodType(Hold.class, Hold.class);
            RegionHook exclusive = ConstraintLock.of("warm-up", false, false).hook(0, 0, false);
            RegionHook group = ConstraintLock.of("warm-up", false, true).hook(0, 0, true);
            RegionHook keyed = ConstraintLock.of("warm-up", true, false).hook(0, 0, false);
            Hold none = null;
            none = (Hold) new Site(HERE, plain, exclusive, ENTER).link("").invokeExact(none);
            none = (Hold) new Site(HERE, plain, group, ENTER).link("").invokeExact(none);
            none = (Hold) new Site(HERE, plain.appendParameterTypes(Object.class), keyed, ENTER).link("arg").invokeExact(none, (Object) "");
            none = (Hold) new Site(HERE, plain.appendParameterTypes(int.class), keyed, ENTER).link("arg").invokeExact(none, 1);
            none = (Hold) new Site(HERE, plain.appendParameterTypes(long.class), keyed, ENTER).link("arg").invokeExact(none, 1L);
            MethodHandle path = new Site(HERE, plain.appendParameterTypes(Object.class), keyed, ENTER)
                    .link("arg|dev/loom/bootstrap/RegionHook#id#I");
            none = (Hold) path.invokeExact(none, (Object) keyed);
            RegionHook event = ConstraintLock.order("warm-up", false, 2, false, 1).hook(0, 0, false);
            none = (Hold) new Site(HERE, plain, event, ARRIVE).link("").invokeExact(none);
            RegionHook keyedEvent = ConstraintLock.order("warm-up", true, 2, false, 1).hook(0, 0, false);
            MethodType ofObject = plain.appendParameterTypes(Object.class);
            none = (Hold) new Site(HERE, ofObject, keyedEvent, ARRIVE).link("arg").invokeExact(none, (Object) "");
            MethodType ofInt = plain.appendParameterTypes(int.class);
            none = (Hold) new Site(HERE, ofInt, keyedEvent, COUNT).link("arg").invokeExact(none, 1);
        } catch (Throwable t) {
            Faults.caught(Faults.Kind.LINK, t);
        }
    }

    /** Never throws: what cannot be linked passes and counts a fault at each entry. */
    static MethodHandle link(MethodHandles.Lookup caller, MethodType type, int hookId, String keySource) {
        return link(caller, type, hookId, keySource, false);
    }

    /** The same for the count of an event. */
    static MethodHandle linkCount(MethodHandles.Lookup caller, MethodType type, int hookId, String countSource) {
        return link(caller, type, hookId, countSource, true);
    }

    private static MethodHandle link(
            MethodHandles.Lookup caller, MethodType type, int hookId, String source, boolean isCount) {
        MethodHandle handle;
        try {
            RegionHook hook = HookRegistry.find(hookId);
            if (hook != null) {
                Target target = isCount ? COUNT : hook.keyedEntry();
                handle = new Site(caller, type, hook, target).link(source);
            } else if (HookRegistry.forgotten(hookId)) {
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

    static boolean isNull(Object object) {
        return object == null;
    }

    private static MethodHandle enterMethod(String name, Class<?>... constants) {
        Class<?>[] parameters = new Class<?>[constants.length + 1];
        parameters[0] = Hold.class;
        System.arraycopy(constants, 0, parameters, 1, constants.length);
        return find(name, Hold.class, parameters);
    }

    private static MethodHandle keyed(String name, Class<?> key) {
        return find(KeyedHooks.class, name, MethodType.methodType(Hold.class, Hold.class, key, KeyedHook.class, KeyedLock.class));
    }

    private static MethodHandle find(String name, Class<?> result, Class<?>... parameters) {
        return find(Hooks.class, name, MethodType.methodType(result, parameters));
    }

    private static MethodHandle find(Class<?> owner, String name, MethodType type) {
        try {
            return HERE.findStatic(owner, name, type);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** One call site while it is being linked. */
    private record Site(MethodHandles.Lookup caller, MethodType type, RegionHook hook, Target target) {

        MethodHandle link(String source) throws ReflectiveOperationException {
            MethodHandle plain = target == COUNT ? null : hook.plainEntry();
            if (plain != null) {
                return plain;
            }
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
                    return primitive(argument);
                }
                return parts.length == 1 ? bound(target.reference()) : guarded(path(parts));
            }
            if (parts[0].startsWith("class:")) {
                Object constant = classNamed(parts[0].substring("class:".length()));
                return guarded(MethodHandles.insertArguments(path(parts), 1, constant));
            }
            if (parts[0].startsWith("static:")) {
                MethodHandle getter = getter(parts[0].substring("static:".length()), true);
                Class<?> value = getter.type().returnType();
                MethodHandle enter = value.isPrimitive() ? primitive(value) : path(parts);
                enter = enter.asType(enter.type().changeParameterType(1, value));
                return guarded(MethodHandles.collectArguments(enter, 1, getter));
            }
            throw new IllegalArgumentException("unknown source of a key");
        }

        /** (Hold,Object)Hold: follows the steps after the first part and enters with what it comes to. */
        private MethodHandle path(String[] parts) throws ReflectiveOperationException {
            MethodHandle enter = bound(target.reference());
            MethodHandle enterWithNull = MethodHandles.insertArguments(enter, 1, (Object) null);
            for (int i = parts.length - 1; i > 0; i--) {
                MethodHandle getter = getter(parts[i], false);
                Class<?> value = getter.type().returnType();
                MethodHandle next = value.isPrimitive() ? primitive(value) : enter;
                MethodHandle step = MethodHandles.filterArguments(
                        next, 1, getter.asType(MethodType.methodType(next.type().parameterType(1), Object.class)));
                enter = MethodHandles.guardWithTest(
                        MethodHandles.dropArguments(IS_NULL, 0, Hold.class),
                        MethodHandles.dropArguments(enterWithNull, 1, Object.class),
                        step);
            }
            return enter;
        }

        /** (Hold,P)Hold, entering with a primitive key. */
        private MethodHandle primitive(Class<?> kind) {
            MethodHandle enter;
            if (kind == boolean.class) {
                enter = target.bool();
            } else if (kind == char.class) {
                enter = target.character();
            } else if (kind == float.class || kind == double.class) {
                enter = target.floating();
            } else {
                enter = target.integral();
            }
            MethodHandle bound = bound(enter);
            return bound.asType(bound.type().changeParameterType(1, kind));
        }

        private MethodHandle bound(MethodHandle enter) {
            return MethodHandles.insertArguments(enter, 2, hook, hook.lock());
        }

        private MethodHandle literal(String text) {
            String value = text.substring(2);
            return switch (text.charAt(0)) {
                case 'I' -> MethodHandles.insertArguments(bound(target.integral()), 1, Long.parseLong(value));
                case 'D' -> MethodHandles.insertArguments(bound(target.floating()), 1, Double.parseDouble(value));
                case 'C' -> MethodHandles.insertArguments(bound(target.character()), 1, (char) Integer.parseInt(value));
                case 'Z' -> MethodHandles.insertArguments(bound(target.bool()), 1, Boolean.parseBoolean(value));
                case 'S' -> MethodHandles.insertArguments(bound(target.reference()), 1, value);
                default -> throw new IllegalArgumentException("unknown kind of literal");
            };
        }

        /** Takes the key only for a frame that has no hold (a count, for one that has), and passes if that fails. */
        private MethodHandle guarded(MethodHandle enter) {
            MethodType full = enter.type();
            Class<?>[] more = full.dropParameterTypes(0, 1).parameterArray();
            MethodHandle careful = MethodHandles.catchException(enter, Throwable.class, KEY_FAULT);
            MethodHandle pass = MethodHandles.dropArguments(PASS, 1, more);
            // a count is for a frame that has just arrived
            return target == COUNT
                    ? MethodHandles.guardWithTest(HOLD_IS_NULL, pass, careful)
                    : MethodHandles.guardWithTest(HOLD_IS_NULL, careful, pass);
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
                return HERE.unreflectGetter(opened(owner, parts[1], value));
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
