package dev.loom.agent.transform;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Which classes have polls of {@code r <> *}, and which are to have some. A poll knows the constraints in whose scope it is by bits.
 * Thread-safe.
 */
public final class PolledClasses {

    /** The bits that a class is to have, by internal name. */
    private volatile @Nullable ToIntFunction<String> wanted;

    private final LoaderTable<Integer> woven = new LoaderTable<>();
    /** By class name as stack traces write it, which do not tell copies of several loaders apart. Replaced as a whole. */
    private final ConcurrentMap<String, List<Copy>> copies = new ConcurrentHashMap<>();
    /** Asked for each of many threads. */
    private volatile boolean lacksSome;

    /**
     * The class of one loader.
     *
     * @param loader null for the boot loader
     * @param without names of methods without polls; null if all have some, empty if none has
     */
    private record Copy(@Nullable WeakReference<ClassLoader> loader, int bits, @Nullable Set<String> without) {

        boolean isOf(@Nullable ClassLoader some) {
            return loader == null ? some == null : loader.get() == some;
        }

        boolean isGone() {
            return loader != null && loader.get() == null;
        }
    }

    /** Says what classes of the application are to have from now on when they come, or are retransformed. */
    public void want(ToIntFunction<String> bits) {
        wanted = bits;
    }

    int wanted(String internalName) {
        ToIntFunction<String> bits = wanted;
        return bits == null ? 0 : bits.applyAsInt(internalName);
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
        put(id, bits, without.isEmpty() ? null : Set.copyOf(without.stream().map(PolledClasses::nameOf).toList()));
    }

    /** A class could not be given the polls that it was to have. */
    void failed(ClassId id, int bits) {
        if (bits != 0) {
            woven.put(id, bits);
            put(id, bits, Set.of());
        }
    }

    private synchronized void put(ClassId id, int bits, @Nullable Set<String> without) {
        copies.compute(id.dotted(), (name, before) -> {
            List<Copy> now = new ArrayList<>();
            if (before != null) {
                before.stream().filter(copy -> !copy.isGone() && !copy.isOf(id.loader())).forEach(now::add);
            }
            if (bits != 0) {
                now.add(new Copy(id.loader() == null ? null : new WeakReference<>(id.loader()), bits, without));
            }
            return now.isEmpty() ? null : List.copyOf(now);
        });
        if (without != null) {
            lacksSome = true;
        } else if (lacksSome) {
            lacksSome = copies.values().stream().anyMatch(all -> all.stream().anyMatch(copy -> copy.without() != null));
        }
    }

    private static String nameOf(String method) {
        return method.substring(0, method.indexOf('('));
    }

    private List<Copy> copies(String type) {
        return copies.getOrDefault(type, List.of());
    }

    /** Whether code of a class, in some loader, is in the scope of one of the constraints. */
    public boolean isInScope(String type, int bits) {
        for (Copy copy : copies(type)) {
            if ((copy.bits() & bits) != 0) {
                return true;
            }
        }
        return false;
    }

    /** Whether all code of a class, in all loaders, has the polls of all of the constraints. */
    public boolean haveAll(String type, int bits) {
        List<Copy> all = copies(type);
        for (Copy copy : all) {
            if ((copy.bits() & bits) != bits || copy.without() != null) {
                return false;
            }
        }
        return !all.isEmpty();
    }

    /** Whether a frame of a method that is in a scope may run code without polls, as these could not be put in. */
    public boolean lacks(String type, String method) {
        for (Copy copy : copies(type)) {
            Set<String> without = copy.without();
            if (without != null && (without.isEmpty() || without.contains(method))) {
                return true;
            }
        }
        return false;
    }

    /** Whether there are methods without polls. */
    public boolean lacksSome() {
        return lacksSome;
    }

    /** The methods without polls, by class; an empty set stands for all methods of a class. */
    public Map<String, Set<String>> lacking() {
        Map<String, Set<String>> lacking = new HashMap<>();
        copies.forEach((type, all) -> all.forEach(copy -> {
            if (copy.without() != null) {
                lacking.merge(type, copy.without(), PolledClasses::union);
            }
        }));
        return lacking;
    }

    private static Set<String> union(Set<String> one, Set<String> other) {
        if (one.isEmpty() || other.isEmpty()) {
            return Set.of();
        }
        Set<String> both = new HashSet<>(one);
        both.addAll(other);
        return both;
    }

    void clear() {
        woven.clear();
        copies.clear();
        lacksSome = false;
    }
}
