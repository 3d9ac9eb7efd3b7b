package dev.loom.agent.transform;

import dev.loom.agent.config.AgentConfig;
import dev.loom.agent.config.PrepareOption;
import dev.loom.agent.support.AgentLog;
import dev.loom.bootstrap.UpdatePointSites;
import dev.loom.filter.weave.ClassWeaver;
import dev.loom.filter.weave.ClassWeaving;
import dev.loom.filter.weave.MethodWeaving;
import dev.loom.filter.weave.body.CannotWeave;
import dev.loom.filter.weave.body.HookAbi;
import java.io.IOException;
import java.io.InputStream;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The classes of this JVM as Loom wants them: gives new classes their update points, and changes woven classes, several at once or
 * none. Whoever else retransforms a class gets the same woven code again.
 *
 * <p>Changes are made by one thread at a time; transformation itself happens on whatever thread loads a class.
 */
public final class Weaving implements AutoCloseable {

    private final Instrumentation instrumentation;
    private final Scope scope;
    final ClassWeaver weaver = new ClassWeaver(HookAbi.BOOTSTRAP);
    private final Statistics statistics = new Statistics();
    final LoaderTable<WovenState> states = new LoaderTable<>();
    /** Checksum of the class file that was seen at load: tells whether a resource is what was loaded. */
    final LoaderTable<Long> fingerprints = new LoaderTable<>();
    /** Classes prepared with update points at load or by attach. */
    final LoaderTable<Boolean> prepared = new LoaderTable<>();
    final PreparedBefore before;
    final LeftForLater left = new LeftForLater();
    /** Whether something is left when classes are loaded. */
    final boolean leaves;
    private volatile @Nullable Consumer<Map<ClassId, Set<String>>> completion;
    final ConcurrentHashMap<ClassId, byte[]> captured = new ConcurrentHashMap<>();
    /** What went wrong in the classes that are being changed. */
    final ConcurrentHashMap<ClassId, String> problems = new ConcurrentHashMap<>();
    private final ClassFileTransformer transformer;
    private @Nullable LoadedCode loadedCode;
    volatile Set<ClassId> toCapture = Set.of();
    volatile LateClasses late = LateClasses.NONE;
    private final PolledClasses polls = new PolledClasses();
    private final WatchedClasses watches;
    private final Definitions definitions = new Definitions();
    private final JitLimits jit;
    private final @Nullable WovenCache cache;
    /** The thread that is changing classes for Loom. */
    volatile @Nullable Thread changing;
    volatile boolean closed;

    public Weaving(Instrumentation instrumentation, AgentConfig config) {
        this.instrumentation = instrumentation;
        jit = new JitLimits(instrumentation);
        cache = config.cache() == null ? null : WovenCache.open(config.cache(), config.prepare() != PrepareOption.START);
        leaves = config.prepare() != PrepareOption.START;
        scope = new Scope(config);
        watches = new WatchedClasses(instrumentation);
        before = new PreparedBefore(instrumentation, statistics, prepared, left, leaves);
        transformer = new WeavingTransformer(this, scope, cache, jit);
        instrumentation.addTransformer(transformer, true);
    }

    public Statistics statistics() {
        return statistics;
    }

    /** Who is asked about classes that are defined from now on. */
    public void late(LateClasses lateClasses) {
        late = lateClasses;
    }

    /** Who is told which methods, by name and descriptor, have just got update points that they were loaded without. */
    public void whenCompleted(Consumer<Map<ClassId, Set<String>>> listener) {
        completion = listener;
    }

    /** Keeps the classes that were prepared since the last call for the next start, where there is a place for them. */
    public void saveCache() {
        if (cache != null) {
            cache.save();
        }
    }

    /** Which classes have polls. */
    public PolledClasses polls() {
        return polls;
    }

    /** Which classes have watch points. */
    public WatchedClasses watches() {
        return watches;
    }

    /** Whether a loaded class has not the polls that it is to have, and can be given them. */
    public boolean lacksPolls(Class<?> type) {
        ClassId id = ClassId.of(type);
        return polls.of(id) != pollsWanted(id) && instrumentation.isModifiableClass(type);
    }

    /** The polls that a class gets when it is retransformed. */
    public int pollsWanted(ClassId id) {
        return closed || !isApplication(id) ? 0 : polls.wanted(id.name());
    }

    /** Classes that were given to the JVM a moment ago, and may not be listed as loaded yet. */
    public Definitions definitions() {
        return definitions;
    }

    /** Whether Loom may never change this class. */
    public boolean isForbidden(Class<?> type) {
        return isForbidden(ClassId.of(type)) || !instrumentation.isModifiableClass(type);
    }

    /** Whether Loom may never change a class of that name. */
    public boolean isForbidden(ClassId id) {
        return scope.isForbidden(id.loader(), id.name());
    }

    /** Whether a class belongs to the application, so that it gets update points. */
    public boolean isApplication(Class<?> type) {
        return isApplication(ClassId.of(type));
    }

    /** Whether a class of that name belongs to the application. */
    public boolean isApplication(ClassId id) {
        return scope.isPrepared(id.loader(), id.name());
    }

    /** Whether a method's code from before any filter has update points, where it may have some. */
    public boolean hasPoints(ClassId id, String method) {
        LeftForLater.Left rest = left.of(id);
        return isPrepared(id) && (rest == null || !rest.methods().contains(method));
    }

    /** The classes that were prepared before they were deployed. */
    public PreparedBefore before() {
        return before;
    }

    private boolean isPrepared(ClassId id) {
        return Boolean.TRUE.equals(prepared.get(id));
    }

    /** From now on nobody relies on update points in a class's code from before any filter. */
    public void distrust(ClassId id) {
        prepared.put(id, false);
    }

    /** How many classes have methods that were left without update points. */
    public int unprepared() {
        return left.size();
    }

    /** Whether a class has methods that were left without update points. */
    public boolean isUnprepared(Class<?> type) {
        return left.of(ClassId.of(type)) != null;
    }

    /** All loaded classes. */
    public Class<?>[] loaded() {
        return instrumentation.getAllLoadedClasses();
    }

    /** What a method has woven in now; null if only its static part. */
    public @Nullable MethodWeaving wovenInto(ClassId id, String method) {
        return state(id).methods().get(method);
    }

    /** The weaving of a method with the given regions, under the version number that these have there. */
    public MethodWeaving numbered(ClassId id, String method, List<MethodWeaving.Region> regions) {
        return state(id).numbered(method, regions, pollsWanted(id));
    }

    private WovenState state(ClassId id) {
        WovenState state = states.get(id);
        return state == null ? WovenState.STATIC : state;
    }

    /**
     * One change of a class.
     *
     * @param woven methods to weave
     * @param unwoven methods that go back to their static part
     */
    public record Change(Class<?> type, Map<String, MethodWeaving> woven, Set<String> unwoven) {}

    /**
     * Changes classes, all in one retransformation.
     *
     * @param classFiles unwoven class files of the classes, for a trial before anything changes; may lack some
     * @throws CannotWeave if the trial shows that one of them cannot be woven
     * @throws Refused if the JVM does not take the woven classes, or they do not get into it; all are as they were
     */
    public void apply(List<Change> changes, Map<Class<?>, byte[]> classFiles) {
        for (Change change : changes) {
            byte[] classFile = classFiles.get(change.type());
            if (classFile != null) {
                ClassId id = ClassId.of(change.type());
                weaver.weave(
                        classFile,
                        new ClassWeaving(true, state(id).with(change.woven(), change.unwoven()).methods(), pollsWanted(id)),
                        new Resources(id.loader()));
            }
        }
        Map<ClassId, WovenState> before = new LinkedHashMap<>();
        List<Class<?>> types = new ArrayList<>();
        for (Change change : changes) {
            ClassId id = ClassId.of(change.type());
            WovenState state = state(id);
            before.put(id, state);
            states.put(id, state.with(change.woven(), change.unwoven()));
            types.add(change.type());
        }
        Refused refused = attempt(types, changes);
        if (refused == null) {
            return;
        }
        before.forEach((id, state) -> states.put(id, state.knowing(state(id))));
        Refused again = attempt(types, List.of());
        if (again != null) {
            AgentLog.warn("classes could not be taken back to what they were after: " + refused.getMessage(), again);
        } else {
            // a class that went unwoven for a moment has its moves ended
            for (Change change : changes) {
                before.get(ClassId.of(change.type())).methods().forEach(
                        (method, woven) -> UpdatePointSites.setLive(change.type(), method, woven.version()));
            }
        }
        throw refused;
    }

    /** Retransforms classes; returns what went wrong. */
    private @Nullable Refused attempt(List<Class<?>> types, List<Change> changes) {
        types.forEach(type -> problems.put(ClassId.of(type), ""));
        try {
            retransform(types);
            for (Class<?> type : types) {
                String problem = problems.get(ClassId.of(type));
                if (problem != null && !problem.isEmpty()) {
                    return new Refused(problem, null);
                }
            }
            if (loadedCode == null) {
                loadedCode = LoadedCode.open(instrumentation);
            }
            for (Change change : changes) {
                if (loadedCode.lacks(change.type(), change.woven().values())) {
                    return new Refused("the hooks are not in class " + change.type().getName()
                            + " after it was woven: another agent in this JVM put its own copy of the class in place", null);
                }
            }
            return null;
        } catch (Exception | LinkageError | InternalError | StackOverflowError | OutOfMemoryError e) {
            return new Refused("the JVM refused the woven classes: " + e, e);
        } finally {
            problems.clear();
        }
    }

    private void retransform(List<Class<?>> types) throws UnmodifiableClassException {
        changing = Thread.currentThread();
        boolean taken = false;
        try {
            instrumentation.retransformClasses(types.toArray(new Class<?>[0]));
            taken = true;
        } finally {
            changing = null;
            if (taken) {
                tellCompleted();
            } else {
                // the JVM took none of them: their code is still without the points that were left
                left.takeCompleted();
            }
        }
    }

    /** Before anybody relies on the points that have come, the frames are noted that run the code without them. */
    private void tellCompleted() {
        Map<ClassId, Set<String>> methods = new HashMap<>();
        left.takeCompleted().forEach((id, woven) -> {
            LeftForLater.Left rest = left.of(id);
            if (rest != null) {
                methods.put(id, rest.methods());
                statistics.completed(rest.woven(), woven);
            }
        });
        if (!methods.isEmpty()) {
            Consumer<Map<ClassId, Set<String>>> listener = completion;
            if (listener != null) {
                listener.accept(methods);
            }
            methods.keySet().forEach(left::remove);
        }
    }

    /** Takes classes through retransformation as they are, so that classes from before the agent get their update points. */
    public void prepare(List<Class<?>> types) {
        try {
            retransform(types);
        } catch (Exception | LinkageError | InternalError | StackOverflowError | OutOfMemoryError e) {
            if (types.size() == 1) {
                // so that nobody relies on update points that never got in
                forsake(types.get(0));
                polls.failed(ClassId.of(types.get(0)), pollsWanted(ClassId.of(types.get(0))));
                statistics.skipped("the JVM refused the prepared class", 1);
                AgentLog.info("class " + types.get(0).getName() + " stays without update points: " + e);
                return;
            }
            int half = types.size() / 2;
            prepare(types.subList(0, half));
            prepare(types.subList(half, types.size()));
        }
    }

    /** Says that a class will not get the update points that were left for later. */
    public void forsake(Class<?> type) {
        distrust(ClassId.of(type));
        left.remove(ClassId.of(type));
    }

    /**
     * The unwoven class files of loaded classes: what the JVM gives to a transformer. Costs a retransformation for classes whose
     * resource is not what was loaded.
     */
    public Map<Class<?>, byte[]> classFiles(Collection<Class<?>> types) {
        Map<Class<?>, byte[]> result = new HashMap<>();
        List<Class<?>> unknown = new ArrayList<>();
        for (Class<?> type : types) {
            ClassId id = ClassId.of(type);
            byte[] resource = raw(id).orElse(null);
            Long fingerprint = fingerprints.get(id);
            if (resource != null && fingerprint != null && fingerprint == fingerprint(resource)) {
                result.put(type, unwoven(resource));
            } else {
                unknown.add(type);
            }
        }
        if (!unknown.isEmpty()) {
            Set<ClassId> ids = new HashSet<>();
            unknown.forEach(type -> ids.add(ClassId.of(type)));
            toCapture = Set.copyOf(ids);
            try {
                retransform(unknown);
            } catch (Exception | LinkageError | InternalError | StackOverflowError | OutOfMemoryError e) {
                AgentLog.info("class files could not be read from the JVM: " + e);
            } finally {
                toCapture = Set.of();
            }
            for (Class<?> type : unknown) {
                byte[] bytes = captured.remove(ClassId.of(type));
                if (bytes != null) {
                    result.put(type, unwoven(bytes));
                }
            }
            captured.clear();
        }
        return result;
    }

    /** The unwoven class file that a loader finds for a name. */
    public static Optional<byte[]> resource(ClassId id) {
        return raw(id).map(Weaving::unwoven);
    }

    /** What a class was before it was prepared; where that cannot be told it cannot be woven either, and weaving says so. */
    private static byte[] unwoven(byte[] classFile) {
        try {
            return PreparedBefore.original(classFile);
        } catch (CannotWeave e) {
            AgentLog.debug(e.getMessage());
            return classFile;
        }
    }

    private static Optional<byte[]> raw(ClassId id) {
        String path = id.name() + ".class";
        try (InputStream in = id.loader() == null
                ? ClassLoader.getSystemResourceAsStream(path)
                : id.loader().getResourceAsStream(path)) {
            return in == null ? Optional.empty() : Optional.of(in.readAllBytes());
        } catch (IOException | RuntimeException | LinkageError e) {
            return Optional.empty();
        }
    }

    static long fingerprint(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return crc.getValue() << 24 ^ bytes.length;
    }

    /**
     * Stops transforming, and takes prepared and woven classes back to what they were in the class files. No frame may be about to
     * move any more.
     */
    @Override
    public void close() {
        closed = true;
        late = LateClasses.NONE;
        List<Class<?>> changed = new ArrayList<>();
        for (Class<?> type : instrumentation.getAllLoadedClasses()) {
            ClassId id = ClassId.of(type);
            boolean isChanged = isPrepared(id) || !state(id).methods().isEmpty() || polls.of(id) != 0;
            if (!type.isArray() && isChanged && instrumentation.isModifiableClass(type)) {
                changed.add(type);
            }
        }
        for (int from = 0; from < changed.size(); from += 200) {
            prepare(changed.subList(from, Math.min(changed.size(), from + 200)));
        }
        instrumentation.removeTransformer(transformer);
        jit.close();
        states.clear();
        prepared.clear();
        before.clear();
        fingerprints.clear();
        left.clear();
        polls.clear();
    }
}
