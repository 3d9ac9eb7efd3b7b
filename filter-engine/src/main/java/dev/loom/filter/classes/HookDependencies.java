package dev.loom.filter.classes;

import java.util.Set;

/**
 * The JDK's classes that run below hooks and while call sites are linked. A hook in one of them would run itself before it is
 * linked, without end; and whoever waits in the scheduler of virtual threads stops them all. The checker refuses them, and the agent
 * never touches them.
 */
public final class HookDependencies {

    private static final String[] PACKAGES = {
        "java/lang/", "jdk/internal/", "sun/invoke/", "sun/reflect/", "sun/misc/", "java/util/concurrent/locks/",
        "java/util/concurrent/atomic/", "java/util/function/"
    };

    /** With the classes nested in them. */
    private static final Set<String> UTIL = Set.of(
            "AbstractCollection", "AbstractList", "AbstractMap", "AbstractSet", "ArrayDeque", "ArrayList", "Arrays", "BitSet",
            "Collection", "Deque", "Enumeration", "HashMap", "HashSet", "IdentityHashMap", "ImmutableCollections", "Iterator",
            "LinkedHashMap", "LinkedHashSet", "List", "ListIterator", "Map", "Objects", "Optional", "OptionalInt", "Queue",
            "RandomAccess", "Set", "SortedMap", "SortedSet", "Spliterator", "Spliterators", "StringJoiner", "TreeMap",
            "WeakHashMap", "KeyValueHolder", "NavigableMap", "NavigableSet", "SequencedCollection", "SequencedMap", "SequencedSet",
            "concurrent/ConcurrentHashMap", "concurrent/ConcurrentMap", "concurrent/ForkJoinPool", "concurrent/ForkJoinTask",
            "concurrent/ForkJoinWorkerThread", "concurrent/CountedCompleter", "concurrent/ThreadLocalRandom");

    private HookDependencies() {}

    /** Whether a class, by its internal name, can carry no hook. */
    public static boolean contains(String name) {
        for (String start : PACKAGES) {
            if (name.startsWith(start)) {
                return true;
            }
        }
        if (!name.startsWith("java/util/")) {
            return false;
        }
        String rest = name.substring("java/util/".length());
        int nested = rest.indexOf('$');
        String top = nested < 0 ? rest : rest.substring(0, nested);
        // the wrappers that Collections.synchronizedMap and its like give out are what filters want; the rest serves linkage
        return UTIL.contains(top) || top.equals("Collections") && !rest.startsWith("Collections$Synchronized");
    }
}
