package dev.loom.agent.transform;

import dev.loom.agent.support.AgentLog;
import dev.loom.bootstrap.Hooks;
import dev.loom.bootstrap.PreparedGuards;
import dev.loom.bootstrap.PreparedLinker;
import dev.loom.filter.classes.PreparedForm;
import dev.loom.filter.classes.PreparedMark;
import dev.loom.filter.weave.ClassWeaver;
import dev.loom.filter.weave.WovenClass;
import dev.loom.filter.weave.body.CannotWeave;
import java.lang.instrument.Instrumentation;
import java.lang.reflect.InvocationTargetException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Classes that were prepared before they were deployed. They have their update points, so nothing is woven at load; what the JVM hands out
 * for them, and what is in their jars, is not the unwoven class file, which follows from it.
 *
 * <p>Their guards are linked by {@link PreparedGuards}, of which each application loader may have a copy, or there may be none: then the
 * guards of a class that ran before the agent came can never be turned on, and nobody may rely on them. Thread-safe.
 */
public final class PreparedBefore {

    /** System property that the prepared class itself sets in such a case. */
    private static final String UNLINKED = "dev.loom.unlinked";

    private final Instrumentation instrumentation;
    private final Statistics statistics;
    private final LoaderTable<Boolean> prepared;
    private final LeftForLater left;
    /** Whether methods may be left without update points at load. */
    private final boolean leaves;
    /** Which classes are prepared; false for those whose update points are not to be relied on. */
    private final LoaderTable<Boolean> known = new LoaderTable<>();
    private @Nullable ConstantPools pools;

    /**
     * Knows no class yet.
     *
     * @param prepared gets the classes whose update points can be relied on
     * @param left gets those of which methods were left without
     * @param leaves whether such methods stay so when the class loads
     */
    PreparedBefore(Instrumentation instrumentation, Statistics statistics, LoaderTable<Boolean> prepared, LeftForLater left, boolean leaves) {
        this.prepared = prepared;
        this.left = left;
        this.leaves = leaves;
        this.instrumentation = instrumentation;
        this.statistics = statistics;
    }

    /**
     * Whether a class that passes has all the update points that it is to have at load.
     *
     * @param loads whether it comes for the first time; one that is changed and was not left alone then has got more than this class file
     */
    boolean hasPoints(ClassId id, @Nullable Module module, byte[] classFile, boolean loads) {
        PreparedMark mark = PreparedMark.of(classFile);
        if (mark == null || !mark.isKnown() || !leaves && !mark.left().isEmpty()) {
            return false;
        }
        Boolean before = known.get(id);
        if (before == null) {
            if (!loads) {
                return false;
            }
            before = letRead(module);
            note(id, mark, before);
        }
        // one that Loom has given the rest never goes back to less
        return before && (mark.left().isEmpty() || left.of(id) != null);
    }

    private void note(ClassId id, PreparedMark mark, boolean isReliable) {
        known.put(id, isReliable);
        if (isReliable) {
            prepared.put(id, true);
            statistics.preparedBefore(mark.methods());
            left.add(id, new WovenClass(null, mark.methods(), Map.of(), Set.of(), mark.left()));
        }
    }

    /** A module reads the facade only when one of its classes is changed as it loads; for a prepared one nobody else does it. */
    private boolean letRead(@Nullable Module module) {
        Module facade = Hooks.class.getModule();
        if (module == null || module.canRead(facade)) {
            return true;
        }
        try {
            instrumentation.redefineModule(module, Set.of(facade), Map.of(), Map.of(), Set.of(), Map.of());
            return true;
        } catch (RuntimeException e) {
            AgentLog.info("module " + module.getName() + " cannot be made to read the facade: " + e);
            return false;
        }
    }

    /** Whether a class that was there before the agent has update points that can be relied on. */
    public boolean isReliable(Class<?> type) {
        ClassId id = ClassId.of(type);
        Boolean before = known.get(id);
        if (before != null) {
            return before;
        }
        if (pools == null) {
            pools = ConstantPools.open(instrumentation);
        }
        String last = pools.lastText(type);
        PreparedMark mark = last == null ? null : PreparedMark.parse(last);
        if (mark == null || !mark.isKnown() || !leaves && !mark.left().isEmpty()) {
            return false;
        }
        boolean isLinked = !mayBeUnlinked() && letRead(type.getModule()) || PreparedLinker.knows(type);
        note(id, mark, isLinked);
        return isLinked;
    }

    /** Under a security manager a class may not have been able to say so. */
    @SuppressWarnings("removal")
    private static boolean mayBeUnlinked() {
        return System.getProperty(UNLINKED) != null || System.getSecurityManager() != null;
    }

    /** Takes over the guards that were linked before the agent came. */
    public void connect() {
        for (Class<?> type : instrumentation.getAllLoadedClasses()) {
            if (type != PreparedGuards.class && type.getName().equals(PreparedGuards.class.getName())) {
                try {
                    type.getMethod("connect").invoke(null);
                } catch (InvocationTargetException e) {
                    AgentLog.warn("guards of prepared classes are not taken over", e.getCause());
                } catch (ReflectiveOperationException | LinkageError e) {
                    AgentLog.warn("guards of prepared classes are not taken over", e);
                }
            }
        }
    }

    /**
     * The class file from before a class was prepared; the same one if it was not.
     *
     * @throws CannotWeave if it cannot be told
     */
    static byte[] original(byte[] classFile) {
        if (PreparedMark.of(classFile) == null) {
            return classFile;
        }
        try {
            PreparedForm.Original original = PreparedForm.takeBack(classFile);
            // frames of the prepared code go on only in what is made from the same bodies
            Map<String, String> bodies = ClassWeaver.bodies(original.classFile(), original.bodies().keySet(), name -> Optional.empty());
            if (!bodies.equals(original.bodies())) {
                throw new CannotWeave("a prepared class stays as it is: another agent has changed its methods since");
            }
            return original.classFile();
        } catch (IllegalArgumentException e) {
            throw new CannotWeave(e.getMessage(), e);
        }
    }

    void clear() {
        known.clear();
    }
}
