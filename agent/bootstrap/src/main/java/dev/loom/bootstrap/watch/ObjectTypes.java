package dev.loom.bootstrap.watch;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Hashtable;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.Vector;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;

/** Classes on whose objects calls are of interest. Thread-safe. */
public final class ObjectTypes {

    static final int NONE = 0;
    /** Two calls at once on one object are a violation. */
    static final int UNSAFE = 1;
    /** Several threads may call, but steps of several calls may be torn. No call waits for anything but a monitor that {@link #isHeld} knows. */
    static final int SAFE = 2;

    private static final String SYNCHRONIZED = "java.util.Collections$Synchronized";
    private static final Set<Class<?>> HASHED = Set.of(
            HashMap.class, LinkedHashMap.class, WeakHashMap.class, Hashtable.class, ConcurrentHashMap.class, HashSet.class, LinkedHashSet.class);

    private final Set<Class<?>> unsafe;
    private final Set<Class<?>> safe;
    /** Classes below those, as they were judged; of no interest until then. */
    private final Map<Class<?>, Integer> below = new ConcurrentHashMap<>();
    /** Guarded by itself. */
    private final List<Class<?>> asked = new ArrayList<>();

    public ObjectTypes(Set<Class<?>> unsafe, Set<Class<?>> safe) {
        this.unsafe = Set.copyOf(unsafe);
        this.safe = Set.copyOf(safe);
    }

    int of(Object object) {
        Class<?> type = object.getClass();
        int known = known(type);
        if (known != NONE) {
            return known;
        }
        Integer judged = below.get(type);
        if (judged == null && below.putIfAbsent(type, NONE) == null && top(type) != null) {
            synchronized (asked) {
                asked.add(type);
            }
        }
        return judged == null ? NONE : judged;
    }

    private int known(Class<?> type) {
        return unsafe.contains(type) ? UNSAFE : safe.contains(type) ? SAFE : NONE;
    }

    /** The class given that a class is below, null if there is none. */
    public Class<?> top(Class<?> type) {
        Class<?> above = type;
        while (above != null && known(above) == NONE) {
            above = above.getSuperclass();
        }
        return above;
    }

    /** Classes below those given of which objects were seen, each once: whether they are like these is for the caller to find out. */
    public List<Class<?>> asked() {
        synchronized (asked) {
            List<Class<?>> all = List.copyOf(asked);
            asked.clear();
            return all;
        }
    }

    /** A class is like the one given that it is below: it has none of the methods anew that calls are watched of. */
    public void isLikeAbove(Class<?> type) {
        Class<?> top = top(type);
        if (top != null) {
            below.put(type, known(top));
        }
    }

    /** Whether the calling thread holds what a call on the object would wait for in others. */
    static boolean isHeld(Object object, WatchedPlace place) {
        if (!place.isCall) {
            return false;
        }
        if (object instanceof Vector || object instanceof Hashtable) {
            return Thread.holdsLock(object);
        }
        return object.getClass().getName().startsWith(SYNCHRONIZED) && Thread.holdsLock(ClassState.mutex(object));
    }

    /** Whether calls ask a key or an element for its hash. */
    static boolean isHashed(Object object) {
        return HASHED.contains(object.getClass());
    }
}
