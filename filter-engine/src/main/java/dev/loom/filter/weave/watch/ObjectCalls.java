package dev.loom.filter.weave.watch;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Type;

/**
 * Calls on objects of the JDK that threads share. A call is watched by its static type, which may be an interface; of which class the
 * object is, is seen when the call is made. What only makes a view ({@code keySet}), what the types allow ({@code List.set} of one element) and
 * what waits for others ({@code BlockingQueue.take}) is not in the table.
 */
public final class ObjectCalls {

    /**
     * What a call does.
     *
     * @param family name of the types that the object may be of
     * @param checks whether it looks itself whether the object is still as it was
     * @param isKeyed whether its first argument, an object, says what within the object it is about
     */
    record Effect(String family, boolean changes, boolean checks, boolean isKeyed) {

        private Effect of(String method, String desc) {
            Type[] arguments = Type.getArgumentTypes(desc);
            boolean hasExpected = method.equals("remove") && arguments.length == 2;
            return new Effect(family, changes, checks || hasExpected, isKeyed && arguments.length > 0 && arguments[0].getSort() == Type.OBJECT);
        }
    }

    private static final String CHECKS = "?";
    private static final Map<String, Map<String, Effect>> EFFECTS = effects();

    private ObjectCalls() {}

    private static Map<String, Map<String, Effect>> effects() {
        Map<String, Map<String, Effect>> effects = new HashMap<>();
        for (Family family : Family.ALL) {
            Map<String, Effect> methods = new HashMap<>();
            Family.words(family.looks()).forEach(name -> methods.put(name, new Effect(family.name(), false, false, family.isKeyed())));
            Family.words(family.changes()).forEach(name -> methods.put(
                    name.replace(CHECKS, ""), new Effect(family.name(), true, name.endsWith(CHECKS), family.isKeyed())));
            Family.types(family.statics()).forEach(type -> effects.put(type, methods));
        }
        return effects;
    }

    /** What a call does to its object; null if it is of no interest. */
    static @Nullable Effect of(String owner, String method, String desc) {
        Map<String, Effect> methods = EFFECTS.get(owner);
        Effect effect = methods == null ? null : methods.get(method);
        return effect == null || desc.contains("Ljava/util/concurrent/TimeUnit;") ? null : effect.of(method, desc);
    }

    /** Names, as {@code Class.forName} has them, of the classes whose objects are not thread-safe; all are of java.base. */
    public static Set<String> unsafe() {
        return names(Family::unsafe);
    }

    /** Likewise of those that are, but whose calls do not make a step. */
    public static Set<String> safe() {
        return names(Family::safe);
    }

    /** Whether some type's method of that name is watched: a class that has it anew may lock there. */
    public static boolean isWatched(String method) {
        return EFFECTS.values().stream().anyMatch(methods -> methods.containsKey(method));
    }

    private static Set<String> names(Function<Family, String> classes) {
        Set<String> names = new HashSet<>();
        Family.ALL.forEach(family -> Family.types(classes.apply(family)).forEach(type -> names.add(type.replace('/', '.'))));
        return names;
    }
}
