package dev.loom.agent.code;

import dev.loom.agent.evacuation.FramePosition;
import dev.loom.agent.evacuation.KnownFrames;
import dev.loom.agent.evacuation.WatchedMethod;
import dev.loom.agent.stack.Stacks;
import dev.loom.agent.transform.ClassId;
import dev.loom.agent.transform.Weaving;
import dev.loom.bootstrap.HookRegistry;
import dev.loom.bootstrap.Transfer;
import dev.loom.bootstrap.UpdatePointSites;
import dev.loom.bootstrap.hook.RegionHook;
import dev.loom.filter.forecast.MethodAnalysis;
import dev.loom.filter.weave.MethodWeaving;
import java.lang.instrument.Instrumentation;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.Opcodes;

/**
 * What all versions of all filters together have woven into the classes of this JVM, and how that changes. The versions are read
 * by threads that load classes; everything else is for the manager's thread.
 */
public final class WovenCode {

    private final Weaving weaving;
    private final PolledCode polled;
    private final Instrumentation instrumentation;
    private @Nullable Stacks stacks;
    /** Versions whose hooks are, or are being, woven; in order of install. Replaced as a whole. */
    private volatile List<FilterVersion> versions = List.of();
    /** Frames older than the agent. */
    private final KnownFrames ancient = new KnownFrames();
    /** Frames that were there when a method without hooks was first woven. */
    private final KnownFrames unhooked = new KnownFrames();

    public WovenCode(Weaving weaving, Instrumentation instrumentation) {
        this.weaving = weaving;
        this.instrumentation = instrumentation;
        polled = new PolledCode(this);
        weaving.whenCompleted(this::noteUnprepared);
    }

    /** The polls of {@code r <> *} in it. */
    public PolledCode polled() {
        return polled;
    }

    public Instrumentation instrumentation() {
        return instrumentation;
    }

    public List<FilterVersion> versions() {
        return versions;
    }

    public Weaving weaving() {
        return weaving;
    }

    /** Made when it is needed first: the application's start is not to wait for it. */
    public Stacks stacks() {
        if (stacks == null) {
            stacks = new Stacks(instrumentation);
        }
        return stacks;
    }

    public KnownFrames ancient() {
        return ancient;
    }

    /** Frames that certainly run code without hooks, by place and method. */
    BiPredicate<FramePosition, String> unhooked() {
        return unhooked::contains;
    }

    /** The same as they are now, whatever is forgotten later. */
    BiPredicate<FramePosition, String> unhookedNow() {
        return unhooked.copy()::contains;
    }

    /** From here on, classes that are being defined are woven with this version too. */
    public void publish(FilterVersion version) {
        polled.number(version);
        List<FilterVersion> longer = new ArrayList<>(versions);
        longer.add(version);
        versions = List.copyOf(longer);
    }

    /** From here on they are not. */
    public void withdraw(FilterVersion version) {
        List<FilterVersion> shorter = new ArrayList<>(versions);
        shorter.remove(version);
        versions = List.copyOf(shorter);
        version.depart();
        polled.release(version);
    }

    /** The regions of all versions in one class, each token once, by method; in the order in which locks are taken. */
    Map<String, List<MethodWeaving.Region>> regionsOf(ClassId id) {
        Map<String, Map<String, MethodWeaving.Region>> byMethod = new LinkedHashMap<>();
        for (FilterVersion version : versions) {
            version.regionsOf(id).forEach((method, regions) -> {
                Map<String, MethodWeaving.Region> tokens = byMethod.computeIfAbsent(method, k -> new LinkedHashMap<>());
                regions.forEach(region -> tokens.putIfAbsent(region.token(), region));
            });
        }
        Map<String, List<MethodWeaving.Region>> result = new LinkedHashMap<>();
        byMethod.forEach((method, tokens) -> {
            List<MethodWeaving.Region> regions = new ArrayList<>(tokens.values());
            regions.sort(Comparator.comparingInt(WovenCode::rank)
                    .thenComparing(MethodWeaving.Region::lock)
                    .thenComparing(MethodWeaving.Region::token));
            result.put(method, regions);
        });
        return result;
    }

    /**
     * Events first: nobody is to wait for one with a lock just taken. What stops all others last: who stands still cannot give back a
     * lock that is wanted next.
     */
    private static int rank(MethodWeaving.Region region) {
        if (region.event() != null) {
            return 0;
        }
        RegionHook hook = HookRegistry.find(region.hookId());
        return hook == null || !hook.lock().isUnilateral() ? 1 : 2;
    }

    /**
     * One change of several classes, ready to be made.
     *
     * @param first methods that have no hooks yet, as {@link WatchedMethod#shown}
     */
    public record Plan(List<Weaving.Change> changes, Set<String> first) {
        public boolean isEmpty() {
            return changes.isEmpty();
        }
    }

    /** What has to change so that the given classes have what the versions in force want. */
    public Plan plan(Collection<Class<?>> types) {
        return plan(types, token -> false);
    }

    /**
     * The same, and methods that have it all already if one of the hooks has been turned on: the same code comes again, so that the
     * frames that entered while the hook passed can be told from later ones.
     */
    public Plan plan(Collection<Class<?>> types, Predicate<String> turned) {
        List<Weaving.Change> changes = new ArrayList<>();
        Set<String> first = new HashSet<>();
        for (Class<?> type : types) {
            ClassId id = ClassId.of(type);
            Map<String, MethodWeaving> changed = new HashMap<>();
            regionsOf(id).forEach((method, regions) -> {
                MethodWeaving now = weaving.wovenInto(id, method);
                boolean isTurned = regions.stream().anyMatch(region -> turned.test(region.token()));
                if (now == null || isTurned || !isAsWanted(id, now, regions)) {
                    changed.put(method, weaving.numbered(id, method, regions));
                }
                if (now == null) {
                    first.add(WatchedMethod.shown(type.getName(), method.substring(0, method.indexOf('('))));
                }
            });
            if (!changed.isEmpty()) {
                changes.add(new Weaving.Change(type, changed, Set.of()));
            }
        }
        return new Plan(changes, first);
    }

    /** What has to change so that nothing of a version is left in its classes: what others want, or neutral code. */
    Plan planWithout(FilterVersion gone) {
        List<Weaving.Change> changes = new ArrayList<>();
        for (Class<?> type : gone.touched()) {
            ClassId id = ClassId.of(type);
            Map<String, List<MethodWeaving.Region>> wanted = regionsOf(id);
            Map<String, MethodWeaving> changed = new HashMap<>();
            for (String method : gone.regionsOf(id).keySet()) {
                List<MethodWeaving.Region> regions = wanted.getOrDefault(method, List.of());
                MethodWeaving now = weaving.wovenInto(id, method);
                if (now != null && !isAsWanted(id, now, regions)) {
                    changed.put(method, weaving.numbered(id, method, regions));
                }
            }
            if (!changed.isEmpty()) {
                changes.add(new Weaving.Change(type, changed, Set.of()));
            }
        }
        return new Plan(changes, Set.of());
    }

    private boolean isAsWanted(ClassId id, MethodWeaving now, List<MethodWeaving.Region> regions) {
        return now.regions().equals(regions) && now.polls() == weaving.pollsWanted(id);
    }

    /** Makes a change: new code in place, then the guards of all other code on. */
    public void apply(Plan plan, Map<Class<?>, byte[]> files) {
        if (plan.isEmpty()) {
            return;
        }
        lookThrough(plan.changes());
        weaving.apply(plan.changes(), files);
        unhooked.removeAll(plan.first());
        for (Weaving.Change change : plan.changes()) {
            change.woven().forEach((method, woven) -> UpdatePointSites.setLive(change.type(), method, woven.version()));
        }
    }

    /** The classes are redefined next: after that, what is known of their frames can no longer be checked. */
    private void lookThrough(List<Weaving.Change> changes) {
        Set<String> names = new HashSet<>();
        changes.forEach(change -> names.add(change.type().getName()));
        aboutToChange(names);
    }

    /** The same of classes, by name, that are redefined for another reason. */
    public void aboutToChange(Set<String> names) {
        ancient.lookThrough(stacks(), names);
        unhooked.lookThrough(stacks(), names);
    }

    /** Notes the frames found in methods that were woven for the first time: they run code without hooks. */
    public void noteUnhooked(Plan plan, Map<FramePosition, WatchedMethod> census) {
        census.forEach((position, method) -> {
            String shown = WatchedMethod.shown(method.type(), method.name());
            if (plan.first().contains(shown)) {
                unhooked.add(position, shown);
            }
        });
    }

    /** Notes the frames in methods that have just got update points: they run code without. */
    private void noteUnprepared(Map<ClassId, Set<String>> methods) {
        Set<String> shown = new HashSet<>();
        methods.forEach((id, some) -> some.forEach(method ->
                shown.add(WatchedMethod.shown(id.dotted(), method.substring(0, method.indexOf('('))))));
        if (ancient.addAll(stacks(), frame -> shown.contains(WatchedMethod.shown(frame.getClassName(), frame.getMethodName())))) {
            // a frame that nobody can see may be one of them
            methods.keySet().forEach(weaving::distrust);
        }
    }

    /**
     * Gives methods of a version that are neutral the bytes from before.
     *
     * @return false if a frame is under way, and it has to be tried again
     */
    boolean restore(FilterVersion version) {
        List<Weaving.Change> changes = new ArrayList<>();
        Set<String> methods = new HashSet<>();
        boolean quiet = true;
        for (Class<?> type : version.touched()) {
            Set<String> neutral = new HashSet<>();
            for (String method : version.regionsOf(ClassId.of(type)).keySet()) {
                if (isNeutral(type, method)) {
                    // from here on no frame starts to move; those under way still find the prologue
                    UpdatePointSites.setLive(type, method, 0);
                    quiet &= UpdatePointSites.underWay(type, method) == 0;
                    neutral.add(method);
                    methods.add(WatchedMethod.shown(type.getName(), method.substring(0, method.indexOf('('))));
                }
            }
            if (!neutral.isEmpty()) {
                changes.add(new Weaving.Change(type, Map.of(), neutral));
            }
        }
        if (quiet && !changes.isEmpty()) {
            lookThrough(changes);
            weaving.apply(changes, Map.of());
            unhooked.removeAll(methods);
        }
        return quiet;
    }

    /** Turns the guards of a version's methods off; returns whether no frame is on its way any more. */
    public static boolean stopMoves(FilterVersion version) {
        boolean quiet = true;
        for (Class<?> type : version.touched()) {
            for (String method : version.regionsOf(ClassId.of(type)).keySet()) {
                UpdatePointSites.setLive(type, method, 0);
                quiet &= UpdatePointSites.underWay(type, method) == 0;
            }
        }
        return quiet;
    }

    /** Whether a method has update points and a prologue, and no hooks any more. */
    boolean isNeutral(Class<?> type, String method) {
        MethodWeaving now = weaving.wovenInto(ClassId.of(type), method);
        return now != null && now.regions().isEmpty();
    }

    /** Finds out, for the regions that a version has in a class, where older frames can do harm. */
    public void analyse(FilterVersion version, ClassId id, Class<?> owner, byte @Nullable [] classFile) {
        Map<String, List<MethodWeaving.Region>> plans = version.regionsOf(id);
        if (plans.isEmpty() || classFile == null) {
            return;
        }
        Map<String, MethodAnalysis> analyses = MethodAnalysis.of(
                classFile, plans, method -> weaving.hasPoints(id, method), name -> Weaving.resource(new ClassId(id.loader(), name)),
                name -> Transfer.restorable(owner, name) != null);
        boolean named = stacks().tellsOldCode() && namesSource(classFile);
        List<WatchedMethod> watched = new ArrayList<>();
        analyses.forEach((method, analysis) -> {
            watched.add(new WatchedMethod(id.dotted(), method, analysis.prepared(), analysis.unprepared(), named));
            UpdatePointSites.setBody(owner, method, analysis.bodyHash());
        });
        version.watch(id, watched);
    }

    /** Whether a class names its source file, so that frames of its superseded code can be told. */
    static boolean namesSource(byte[] classFile) {
        boolean[] named = new boolean[1];
        new ClassReader(classFile).accept(
                new ClassVisitor(Opcodes.ASM9) {
                    @Override
                    public void visitSource(String source, String debug) {
                        named[0] = source != null;
                    }
                },
                ClassReader.SKIP_CODE | ClassReader.SKIP_FRAMES);
        return named[0];
    }
}
