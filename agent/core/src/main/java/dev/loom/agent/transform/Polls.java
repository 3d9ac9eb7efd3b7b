package dev.loom.agent.transform;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.ToIntFunction;

/**
 * Which classes have polls of {@code r <> *}, and which are to have some. A poll knows the constraints in whose scope it is by bits.
 * Thread-safe.
 */
public final class Polls {

    /** The bits that a class is to have, by internal name. */
    private volatile ToIntFunction<String> wanted = name -> 0;

    private final LoaderTable<Integer> woven = new LoaderTable<>();
    /** By class name as stack traces write it: bits of whichever loader's class has most. */
    private final ConcurrentMap<String, Integer> byName = new ConcurrentHashMap<>();
    /** By class name as stack traces write it: names of methods without polls; an empty set for all of them. */
    private final ConcurrentMap<String, Set<String>> unpolled = new ConcurrentHashMap<>();

    /** Says what classes of the application are to have from now on when they come, or are retransformed. */
    public void want(ToIntFunction<String> bits) {
        wanted = bits;
    }

    int wanted(String internalName) {
        return wanted.applyAsInt(internalName);
    }

    /** The bits that a class has. */
    public int of(ClassId id) {
        Integer bits = woven.get(id);
        return bits == null ? 0 : bits;
    }

    /** A class has been given polls, or none. */
    void woven(ClassId id, int bits, Set<String> without) {
        if (bits == 0 && woven.get(id) == null) {
            return;
        }
        woven.put(id, bits);
        if (bits == 0) {
            byName.remove(id.dotted());
            unpolled.remove(id.dotted());
            return;
        }
        if (without.isEmpty()) {
            unpolled.remove(id.dotted());
        } else {
            unpolled.put(id.dotted(), Set.copyOf(without.stream().map(Polls::nameOf).toList()));
        }
        byName.put(id.dotted(), bits);
    }

    /** A class could not be given the polls that it was to have. */
    void failed(ClassId id, int bits) {
        if (bits != 0) {
            woven.put(id, bits);
            unpolled.put(id.dotted(), Set.of());
            byName.put(id.dotted(), bits);
        }
    }

    private static String nameOf(String method) {
        return method.substring(0, method.indexOf('('));
    }

    /** Whether code of a class is in the scope of one of the constraints. */
    public boolean isInScope(String type, int bits) {
        Integer has = byName.get(type);
        return has != null && (has & bits) != 0;
    }

    /** Whether code of a class is in the scope of all of the constraints. */
    public boolean haveAll(String type, int bits) {
        Integer has = byName.get(type);
        return has != null && (has & bits) == bits;
    }

    /** Whether a frame of a method that is in a scope runs code without polls, as these could not be put in. */
    public boolean lacks(String type, String method) {
        Set<String> without = unpolled.get(type);
        return without != null && (without.isEmpty() || without.contains(method));
    }

    /** Whether there are methods without polls. */
    public boolean lacksSome() {
        return !unpolled.isEmpty();
    }

    /** The methods without polls, by class; an empty set stands for all methods of a class. */
    public Map<String, Set<String>> lacking() {
        return Map.copyOf(unpolled);
    }

    void clear() {
        woven.clear();
        byName.clear();
        unpolled.clear();
    }
}
