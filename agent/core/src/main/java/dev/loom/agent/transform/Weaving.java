package dev.loom.agent.transform;

import dev.loom.agent.config.AgentConfig;
import dev.loom.agent.support.AgentLog;
import dev.loom.filter.weave.CannotWeave;
import dev.loom.filter.weave.ClassWeaver;
import dev.loom.filter.weave.ClassWeaving;
import dev.loom.filter.weave.HookNames;
import dev.loom.filter.weave.MethodWeaving;
import dev.loom.filter.weave.WovenClass;
import java.io.IOException;
import java.io.InputStream;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The classes of this JVM as Loom wants them: gives new classes their switch points, and changes woven classes, several at once or
 * none. Whoever else retransforms a class gets the same woven code again.
 *
 * <p>Changes are made by one thread at a time; transformation itself happens on whatever thread loads a class.
 */
public final class Weaving implements AutoCloseable {

    private final Instrumentation instrumentation;
    private final Scope scope;
    private final ClassWeaver weaver = new ClassWeaver(HookNames.BOOTSTRAP);
    private final Statistics statistics = new Statistics();
    private final LoaderTable<WovenState> states = new LoaderTable<>();
    /** Checksum of the class file that was seen at load: tells whether a resource is what was loaded. */
    private final LoaderTable<Long> fingerprints = new LoaderTable<>();
    /** Classes prepared with switch points at load or by attach. */
    private final LoaderTable<Boolean> prepared = new LoaderTable<>();
    private final ConcurrentHashMap<ClassId, byte[]> captured = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<ClassId, String> problems = new ConcurrentHashMap<>();
    private final ClassFileTransformer transformer = new Transformer();
    private volatile Set<ClassId> toCapture = Set.of();
    private volatile LateClasses late = LateClasses.NONE;
    private final Definitions definitions = new Definitions();
    private volatile boolean closed;

    public Weaving(Instrumentation instrumentation, AgentConfig config) {
        this.instrumentation = instrumentation;
        scope = new Scope(config);
        instrumentation.addTransformer(transformer, true);
    }

    public Statistics statistics() {
        return statistics;
    }

    /** Who is asked about classes that are defined from now on. */
    public void late(LateClasses lateClasses) {
        late = lateClasses;
    }

    /** Classes that were given to the JVM a moment ago, and may not be listed as loaded yet. */
    public Definitions definitions() {
        return definitions;
    }

    /** Whether Loom may never change a class of that name. */
    public boolean isForbidden(Class<?> type) {
        return scope.isForbidden(type.getClassLoader(), type.getName().replace('.', '/'))
                || !instrumentation.isModifiableClass(type);
    }

    /** Whether a class belongs to the application, so that it gets switch points. */
    public boolean isApplication(Class<?> type) {
        return scope.isPrepared(type.getClassLoader(), type.getName().replace('.', '/'));
    }

    /** Whether the class's code had switch points before any filter came. */
    public boolean isPrepared(Class<?> type) {
        return Boolean.TRUE.equals(prepared.get(ClassId.of(type)));
    }

    /** All loaded classes. */
    public Class<?>[] loaded() {
        return instrumentation.getAllLoadedClasses();
    }

    /** What a method has woven in now; null if only its static part. */
    public @Nullable MethodWeaving wovenInto(Class<?> type, String method) {
        return state(ClassId.of(type)).methods().get(method);
    }

    /** The version number that the next weaving of a method has to carry. */
    public int nextVersion(ClassId id, String method) {
        return state(id).nextVersion(method);
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
     * @throws CannotWeave if one of them cannot be changed: then none has been
     */
    public void apply(List<Change> changes, Map<Class<?>, byte[]> classFiles) {
        for (Change change : changes) {
            byte[] classFile = classFiles.get(change.type());
            if (classFile != null) {
                ClassId id = ClassId.of(change.type());
                weaver.weave(
                        classFile, new ClassWeaving(true, state(id).with(change.woven(), change.unwoven()).methods()),
                        name -> resource(new ClassId(id.loader(), name)));
            }
        }
        Map<ClassId, WovenState> before = new HashMap<>();
        Map<ClassId, Boolean> preparedBefore = new HashMap<>();
        List<Class<?>> types = new ArrayList<>();
        for (Change change : changes) {
            ClassId id = ClassId.of(change.type());
            before.put(id, state(id));
            preparedBefore.put(id, isPrepared(change.type()));
            states.put(id, state(id).with(change.woven(), change.unwoven()));
            types.add(change.type());
        }
        problems.clear();
        try {
            retransform(types);
            if (!problems.isEmpty()) {
                throw new CannotWeave(problems.values().iterator().next());
            }
        } catch (CannotWeave | LinkageError | UnsupportedOperationException | UnmodifiableClassException | InternalError e) {
            before.forEach((id, state) -> states.put(id, new WovenState(state.methods(), states.get(id).lastVersions())));
            boolean some = !problems.isEmpty() && changes.size() > 1;
            if (some || e instanceof CannotWeave) {
                restore(types, e);
            }
            throw e instanceof CannotWeave cannot ? cannot : new CannotWeave("the JVM refused the woven classes: " + e, e);
        }
    }

    private void restore(List<Class<?>> types, Throwable why) {
        try {
            problems.clear();
            retransform(types);
        } catch (LinkageError | UnsupportedOperationException | UnmodifiableClassException | InternalError e) {
            AgentLog.warn("classes could not be taken back to what they were after: " + why, e);
        }
    }

    private void retransform(List<Class<?>> types) throws UnmodifiableClassException {
        instrumentation.retransformClasses(types.toArray(new Class<?>[0]));
    }

    /** Takes classes through retransformation as they are, so that classes from before the agent get their switch points. */
    public void prepare(List<Class<?>> types) {
        try {
            retransform(types);
        } catch (LinkageError | UnsupportedOperationException | UnmodifiableClassException | InternalError e) {
            if (types.size() == 1) {
                statistics.skipped("the JVM refused the prepared class", 1);
                AgentLog.info("class " + types.get(0).getName() + " stays without switch points: " + e);
                return;
            }
            int half = types.size() / 2;
            prepare(types.subList(0, half));
            prepare(types.subList(half, types.size()));
        }
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
            byte[] resource = resource(id).orElse(null);
            Long fingerprint = fingerprints.get(id);
            if (resource != null && fingerprint != null && fingerprint == fingerprint(resource)) {
                result.put(type, resource);
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
            } catch (LinkageError | UnsupportedOperationException | UnmodifiableClassException | InternalError e) {
                AgentLog.info("class files could not be read from the JVM: " + e);
            } finally {
                toCapture = Set.of();
            }
            for (Class<?> type : unknown) {
                byte[] bytes = captured.remove(ClassId.of(type));
                if (bytes != null) {
                    result.put(type, bytes);
                }
            }
            captured.clear();
        }
        return result;
    }

    /** The class file that a loader finds for a name. */
    public static Optional<byte[]> resource(ClassId id) {
        String path = id.name() + ".class";
        try (InputStream in = id.loader() == null
                ? ClassLoader.getSystemResourceAsStream(path)
                : id.loader().getResourceAsStream(path)) {
            return in == null ? Optional.empty() : Optional.of(in.readAllBytes());
        } catch (IOException | RuntimeException | LinkageError e) {
            return Optional.empty();
        }
    }

    private static long fingerprint(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return crc.getValue() << 24 ^ bytes.length;
    }

    /** Stops transforming, and takes prepared classes back to what they were in the class files. */
    @Override
    public void close() {
        closed = true;
        late = LateClasses.NONE;
        List<Class<?>> changed = new ArrayList<>();
        for (Class<?> type : instrumentation.getAllLoadedClasses()) {
            if (!type.isArray() && prepared.get(ClassId.of(type)) != null && instrumentation.isModifiableClass(type)) {
                changed.add(type);
            }
        }
        for (int from = 0; from < changed.size(); from += 200) {
            prepare(changed.subList(from, Math.min(changed.size(), from + 200)));
        }
        instrumentation.removeTransformer(transformer);
        states.clear();
        prepared.clear();
        fingerprints.clear();
    }

    private final class Transformer implements ClassFileTransformer {

        @Override
        public byte @Nullable [] transform(
                Module module, @Nullable ClassLoader loader, @Nullable String name, @Nullable Class<?> redefined,
                ProtectionDomain domain, byte[] classFile) {
            if (closed || name == null || scope.isForbidden(loader, name)) {
                return null;
            }
            boolean application = scope.isPrepared(loader, name);
            ClassId id = new ClassId(loader, name);
            LateClasses asked = late;
            boolean isLate = redefined == null && asked.isInteresting(name);
            if (redefined == null) {
                definitions.passed(loader, name);
            }
            WovenState state = states.get(id);
            if (!application && state == null && !isLate && !toCapture.contains(id)) {
                return null;
            }
            long start = System.nanoTime();
            try {
                return weave(id, redefined, classFile, application, isLate ? asked : LateClasses.NONE, state);
            } catch (Throwable t) {
                statistics.fault();
                problems.put(id, "class " + id.dotted() + ": " + t);
                AgentLog.warn("class " + id.dotted() + " stays as it is", t);
                return null;
            } finally {
                statistics.took(System.nanoTime() - start);
            }
        }

        private byte @Nullable [] weave(
                ClassId id, @Nullable Class<?> redefined, byte[] classFile, boolean application, LateClasses asked,
                @Nullable WovenState known) {
            if (toCapture.contains(id)) {
                captured.put(id, classFile.clone());
            }
            WovenState state = known == null ? WovenState.STATIC : known;
            if (redefined == null) {
                // a loader that defines a name again (after a failed attempt) starts afresh
                Map<String, MethodWeaving> methods = asked.weavingOf(id, classFile);
                if (!methods.isEmpty()) {
                    state = WovenState.STATIC.with(methods, List.of());
                    states.put(id, state);
                }
                if (application) {
                    fingerprints.put(id, fingerprint(classFile));
                }
            }
            boolean points = application || !state.methods().isEmpty();
            WovenClass woven;
            try {
                woven = weaver.weave(
                        classFile, new ClassWeaving(points, state.methods()), name -> resource(new ClassId(id.loader(), name)));
            } catch (CannotWeave e) {
                problems.put(id, e.getMessage());
                statistics.skipped(state.methods().isEmpty() ? "the class could not be prepared" : "the class could not be woven", 1);
                AgentLog.info(e.getMessage());
                return null;
            }
            if (application && prepared.get(id) == null) {
                prepared.put(id, woven.bytes() != null);
                statistics.prepared(woven);
            }
            return woven.bytes();
        }
    }
}
