package dev.loom.agent.transform;

import dev.loom.agent.support.AgentLog;
import dev.loom.filter.weave.watch.WatchPlaces;
import java.lang.instrument.Instrumentation;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Which classes have watch points, which are to have some, and which could not get them. Thread-safe.
 *
 * <p>Watch points come on top of all else that a class has, and go without a trace: a retransformation for them gives no class the update
 * points that were left for later, and makes no new version of a method.
 */
public final class WatchedClasses {

    /** Methods and classes without watch points that are named; of more, only the number is of interest. */
    private static final int NAMED = 1_000;

    private final Instrumentation instrumentation;
    private volatile @Nullable Function<ClassId, @Nullable WatchPlaces> wanted;
    private final LoaderTable<Boolean> woven = new LoaderTable<>();
    /** Why, by class or method. */
    private final Map<String, String> lacking = new ConcurrentHashMap<>();

    WatchedClasses(Instrumentation instrumentation) {
        this.instrumentation = instrumentation;
    }

    /** Says what classes of the application are to have from now on when they come or are retransformed; null for no watch points. */
    public void want(@Nullable Function<ClassId, @Nullable WatchPlaces> places) {
        if (places != null) {
            lacking.clear();
        }
        wanted = places;
    }

    @Nullable WatchPlaces wanted(ClassId id) {
        Function<ClassId, @Nullable WatchPlaces> places = wanted;
        return places == null ? null : places.apply(id);
    }

    /** Whether a class has watch points. */
    public boolean has(ClassId id) {
        return Boolean.TRUE.equals(woven.get(id));
    }

    /** What could not get any, with the reason, by class or {@code class#method}. */
    public Map<String, String> lacking() {
        return new TreeMap<>(lacking);
    }

    void woven(ClassId id, Set<String> without) {
        woven.put(id, true);
        without.forEach(method -> lack(id.dotted() + "#" + method.substring(0, method.indexOf('(')),
                "with watch points it would be too large to be compiled"));
    }

    void unwoven(ClassId id) {
        if (woven.get(id) != null) {
            woven.put(id, false);
        }
    }

    void failed(ClassId id, String why) {
        unwoven(id);
        if (wanted(id) != null) {
            lack(id.dotted(), why);
        }
    }

    private void lack(String what, String why) {
        if (lacking.size() < NAMED) {
            lacking.put(what, why);
        }
    }

    /**
     * Gives loaded classes the watch points that they are to have now, or takes them away: all in one retransformation, and if the JVM takes not
     * all of them, those that it takes.
     */
    public void retransform(List<Class<?>> types) {
        if (types.isEmpty()) {
            return;
        }
        try {
            instrumentation.retransformClasses(types.toArray(new Class<?>[0]));
        } catch (Exception | LinkageError | InternalError | StackOverflowError | OutOfMemoryError e) {
            if (types.size() == 1 && wanted == null) {
                AgentLog.info("class " + types.get(0).getName() + " keeps its watch points, which do nothing, as the JVM refuses it: " + e);
                return;
            }
            if (types.size() == 1) {
                failed(ClassId.of(types.get(0)), "the JVM refused the class: " + e);
                AgentLog.info("class " + types.get(0).getName() + " stays without watch points: " + e);
                return;
            }
            retransform(types.subList(0, types.size() / 2));
            retransform(types.subList(types.size() / 2, types.size()));
        }
    }
}
