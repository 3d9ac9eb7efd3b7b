package dev.loom.agent.code;

import dev.loom.agent.evacuation.WatchedMethod;
import dev.loom.agent.stack.ThreadStack;
import dev.loom.agent.support.AgentLog;
import dev.loom.agent.transform.ClassId;
import dev.loom.agent.transform.Refused;
import dev.loom.agent.transform.Weaving;
import dev.loom.bootstrap.Transfer;
import dev.loom.bootstrap.UpdatePointSites;
import dev.loom.bootstrap.hook.ConstraintLock;
import dev.loom.bootstrap.standstill.Standstill;
import dev.loom.filter.forecast.PollAnalysis;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Brings the polls of {@code r <> *} into the classes of its scope, and takes them out again.
 *
 * <h2>Install</h2>
 *
 * Classes in the scope of a published version get polls as they come. Those that are there are retransformed. From then on whatever is
 * invoked has polls; the frames that run code from before are seen in one look. Their methods, and only those, get a version of their own
 * (neutral code with polls), so that the frames move into it at their next update point. A frame is in the way until it stands in a
 * call behind which it comes to an update point, or returns, before it does anything that can be noticed.
 *
 * <p>For the manager's thread.
 */
public final class PolledCode {

    /** Classes for one retransformation: each is a pause of the JVM, and one bad class spoils its batch. */
    private static final int BATCH = 200;
    /** Constraints with a scope that can be in force at once: bits of an int but the sign. */
    private static final int MAX_BITS = 31;

    private final WovenCode code;
    private final Weaving weaving;
    private int lastBit = -1;

    PolledCode(WovenCode code) {
        this.code = code;
        this.weaving = code.weaving();
        weaving.polls().want(this::wanted);
    }

    /** The bits that a class is to have. */
    private int wanted(String internalName) {
        int bits = 0;
        for (FilterVersion version : code.versions()) {
            for (PollScope scope : version.scopes()) {
                if (scope.covers(internalName)) {
                    bits |= Standstill.bit(scope.lock());
                }
            }
        }
        return bits;
    }

    /** Gives the constraints of a version that is about to be published their bits. */
    void number(FilterVersion version) {
        for (PollScope scope : version.scopes()) {
            if (Standstill.bit(scope.lock()) == 0) {
                Standstill.bit(scope.lock(), freeBit());
            }
        }
    }

    private int freeBit() {
        int used = 0;
        for (FilterVersion version : code.versions()) {
            for (PollScope scope : version.scopes()) {
                used |= Standstill.bit(scope.lock());
            }
        }
        // the one that was free for longest: frames that never returned may still have polls of an earlier constraint
        for (int i = 1; i <= MAX_BITS; i++) {
            int bit = (lastBit + i) % MAX_BITS;
            if ((used & 1 << bit) == 0) {
                lastBit = bit;
                return 1 << bit;
            }
        }
        throw new Refused("more than " + MAX_BITS + " constraints `r <> *` cannot be in force at once", null);
    }

    /** Takes the bits of a version that is published no more. */
    void release(FilterVersion version) {
        for (PollScope scope : version.scopes()) {
            ConstraintLock lock = scope.lock();
            boolean isUsed = code.versions().stream().anyMatch(v -> v.scopes().stream().anyMatch(s -> s.lock() == lock));
            if (!isUsed) {
                Standstill.bit(lock, 0);
            }
        }
    }

    /**
     * Gives all loaded classes the polls that they are to have by now. Methods with hooks become another version by that; in the given
     * classes they do later.
     */
    void settle(Set<Class<?>> later) {
        List<Class<?>> outdated = outdated(List.of(weaving.loaded()));
        WovenCode.Plan hooked = code.plan(outdated.stream().filter(type -> !later.contains(type)).toList());
        hooked.changes().forEach(change -> outdated.remove(change.type()));
        try {
            code.apply(hooked, Map.of());
        } finally {
            // one class that the JVM refuses is no reason to leave all others as they are
            for (int from = 0; from < outdated.size(); from += BATCH) {
                weaving.prepare(outdated.subList(from, Math.min(outdated.size(), from + BATCH)));
            }
        }
    }

    private List<Class<?>> outdated(List<Class<?>> types) {
        List<Class<?>> outdated = new ArrayList<>();
        for (Class<?> type : types) {
            if (!type.isArray() && !type.isHidden() && weaving.lacksPolls(type)) {
                outdated.add(type);
            }
        }
        return outdated;
    }

    /**
     * The methods of a scope's classes in which there are frames from before the polls.
     *
     * @param unseen threads of which the JVM did not show the whole stack
     */
    public record Found(Map<Class<?>, Set<String>> methods, Set<Long> unseen) {

        private static final Found NOTHING = new Found(Map.of(), Set.of());

        public Set<Class<?>> types() {
            return methods.keySet();
        }
    }

    /**
     * Brings polls into the loaded classes of a version's scopes; returns where old frames may be left.
     *
     * @param planned classes that will be woven next
     */
    public Found bring(FilterVersion version, LoadedClasses loaded, Set<Class<?>> planned) {
        expect(version, loaded);
        settle(planned);
        Map<String, Set<String>> lacking = weaving.polls().lacking();
        if (!lacking.isEmpty()) {
            AgentLog.warn("filter '" + version.filter + "': no polls could be put into " + new TreeMap<>(lacking)
                    + "; while a thread runs there, regions of `<> *` begin without waiting for it");
        }
        // not what was loaded before the polls came: a class that came between has had frames since
        Found found = find(version, new LoadedClasses(weaving)::named, code.stacks().all());
        version.unseen(found.unseen());
        return found;
    }

    private interface ByName {
        List<Class<?>> named(String internalName);
    }

    private Found find(FilterVersion version, ByName loaded, Collection<ThreadStack> stacks) {
        int bits = bits(version);
        Map<String, Set<String>> byName = new HashMap<>();
        Set<Long> unseen = new HashSet<>();
        for (ThreadStack stack : stacks) {
            if (stack.cut()) {
                unseen.add(stack.id());
            }
            for (StackTraceElement frame : stack.frames()) {
                if (weaving.polls().isInScope(frame.getClassName(), bits) && !code.stacks().isNew(frame)) {
                    byName.computeIfAbsent(frame.getClassName(), k -> new HashSet<>()).add(frame.getMethodName());
                }
            }
        }
        Map<Class<?>, Set<String>> methods = new HashMap<>();
        byName.forEach((name, some) -> {
            for (Class<?> type : loaded.named(name.replace('.', '/'))) {
                if ((weaving.polls().of(ClassId.of(type)) & bits) != 0) {
                    methods.put(type, some);
                }
            }
        });
        return new Found(methods, unseen);
    }

    private static int bits(FilterVersion version) {
        int bits = 0;
        for (PollScope scope : version.scopes()) {
            bits |= Standstill.bit(scope.lock());
        }
        return bits;
    }

    /** Has the methods with old frames woven anew, and watched. To be called after the version's regions are known. */
    public void claim(FilterVersion version, Found found, Map<Class<?>, byte[]> files) {
        found.methods().forEach((type, names) -> {
            ClassId id = ClassId.of(type);
            int bits = weaving.polls().of(id) & bits(version);
            byte[] classFile = files.get(type);
            if (classFile == null) {
                throw new Refused("the JVM does not give out the class file of " + type.getName() + ", so nobody can tell where its"
                        + " frames stand", null);
            }
            boolean named = code.stacks().tellsOldCode() && WovenCode.namesSource(classFile);
            Map<String, PollAnalysis> analyses = PollAnalysis.of(
                    classFile, names, method -> weaving.hasPoints(id, method), name -> Weaving.resource(new ClassId(id.loader(), name)),
                    name -> Transfer.restorable(type, name) != null);
            List<WatchedMethod> watched = new ArrayList<>(version.watched(id));
            Set<String> moving = new TreeSet<>();
            analyses.forEach((method, analysis) -> {
                watched.add(new WatchedMethod(
                        id.dotted(), method, analysis.prepared(), analysis.unprepared(), named, name -> isPolled(name, bits)));
                if (analysis.movable()) {
                    UpdatePointSites.setBody(type, method, analysis.bodyHash());
                    moving.add(method);
                }
            });
            version.touch(type);
            version.weaveNeutrally(id, moving);
            version.watch(id, watched);
        });
    }

    /** Whether all code of a class stops for each of the constraints. */
    private boolean isPolled(String type, int bits) {
        return weaving.polls().haveAll(type, bits);
    }

    // ---- classes that are being defined ------------------------------------------------------------------------------------

    /** Classes that had passed the transformer before the version was published, and were not loaded yet. */
    private void expect(FilterVersion version, LoadedClasses loaded) {
        for (ClassId id : weaving.definitions().since(ClassArrivals.PATIENCE_NANOS, name -> version.covers(name))) {
            if (weaving.isApplication(id) && loaded.named(id.name()).stream().noneMatch(type -> ClassId.of(type).equals(id))) {
                version.expectUnpolled(id);
            }
        }
    }

    /**
     * The expected classes that have come, which get their polls if they have none, and threads that are seen whole now: where frames
     * from before may be left in them. To be called again as long as some are expected.
     *
     * @param expecting set to whether some are
     */
    public Found welcome(FilterVersion version, boolean[] expecting) {
        Map<Long, ThreadStack> whole = seenWhole(version);
        if (!version.expectsUnpolled() && whole.isEmpty()) {
            expecting[0] = !version.unseen().isEmpty();
            return Found.NOTHING;
        }
        Map<ClassId, Class<?>> loaded = new HashMap<>();
        Map<String, List<Class<?>>> byName = new HashMap<>();
        for (Class<?> type : weaving.loaded()) {
            if (!type.isArray() && !type.isHidden() && version.covers(type.getName().replace('.', '/'))) {
                loaded.put(ClassId.of(type), type);
                byName.computeIfAbsent(type.getName().replace('.', '/'), k -> new ArrayList<>()).add(type);
            }
        }
        Set<Class<?>> come = new HashSet<>(version.takeUnpolled(loaded, ClassArrivals.PATIENCE_NANOS));
        expecting[0] = version.expectsUnpolled() || !version.unseen().isEmpty();
        Map<Class<?>, Set<String>> methods = new HashMap<>();
        if (!come.isEmpty()) {
            // some may have their polls by now, and frames from before all the same
            weaving.prepare(outdated(List.copyOf(come)));
            find(version, name -> byName.getOrDefault(name, List.of()), code.stacks().all()).methods().forEach((type, names) -> {
                if (come.contains(type)) {
                    methods.put(type, names);
                }
            });
        }
        find(version, name -> byName.getOrDefault(name, List.of()), whole.values()).methods().forEach((type, names) ->
                methods.merge(type, names, PolledCode::union));
        return new Found(methods, Set.of());
    }

    /** Threads whose stacks were cut, and are not any more. */
    private Map<Long, ThreadStack> seenWhole(FilterVersion version) {
        Set<Long> unseen = version.unseen();
        if (unseen.isEmpty()) {
            return Map.of();
        }
        Map<Long, ThreadStack> whole = new HashMap<>(code.stacks().of(unseen));
        Set<Long> left = new HashSet<>(unseen);
        left.retainAll(whole.keySet());
        whole.values().removeIf(ThreadStack::cut);
        left.removeAll(whole.keySet());
        version.unseen(left);
        return whole;
    }

    private static Set<String> union(Set<String> one, Set<String> other) {
        Set<String> both = new HashSet<>(one);
        both.addAll(other);
        return both;
    }
}
