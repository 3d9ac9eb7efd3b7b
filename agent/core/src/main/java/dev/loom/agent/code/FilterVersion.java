package dev.loom.agent.code;

import dev.loom.agent.control.InstallOptions;
import dev.loom.agent.evacuation.WatchedMethod;
import dev.loom.agent.transform.ClassId;
import dev.loom.agent.transform.LoaderTable;
import dev.loom.bootstrap.UpdatePointSites;
import dev.loom.bootstrap.hook.RegionHook;
import dev.loom.bootstrap.hook.UnprotectedHold;
import dev.loom.filter.CompileResult;
import dev.loom.filter.plan.ConstraintPlan;
import dev.loom.filter.plan.EventPlan;
import dev.loom.filter.plan.MethodPlan;
import dev.loom.filter.plan.RegionPlan;
import dev.loom.filter.plan.WeavingPlan;
import dev.loom.filter.weave.MethodWeaving;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One version of a filter in this JVM: its hooks, which regions it puts into which methods, and the classes that it has touched.
 * Thread-safe.
 */
public final class FilterVersion {

    /**
     * A class that passed the transformer and may not be there yet.
     *
     * @param isWoven whether it was given this version's hooks then
     */
    record Arrival(@Nullable WeakReference<ClassLoader> loader, String name, long nanos, boolean isWoven) {

        @Nullable ClassId id() {
            ClassLoader alive = loader == null ? null : loader.get();
            return loader != null && alive == null ? null : new ClassId(alive, name);
        }
    }

    public final String filter;
    public final String text;
    public final CompileResult.Compiled compiled;
    public final InstallOptions options;
    private final FilterHooks store;
    /** By token, in the order of the filter's constraints. */
    private final Map<String, RegionHook> hooks = new LinkedHashMap<>();
    private final Map<String, RegionPlan> plans = new HashMap<>();
    /** Those of its hooks that passed, or only observed, before it came: code that has them already may have frames inside without a lock. */
    private final Set<String> turned = new LinkedHashSet<>();
    /** By class and method. */
    private final LoaderTable<Map<String, List<MethodWeaving.Region>>> regions = new LoaderTable<>();
    private final LoaderTable<List<WatchedMethod>> watched = new LoaderTable<>();
    private final Set<String> classes = new TreeSet<>();
    private final List<WeakReference<Class<?>>> touched = new ArrayList<>();
    private final List<Arrival> arrivals = new ArrayList<>();
    private final List<PollScope> scopes;
    /** Classes of a scope that may have come without polls. */
    private final List<Arrival> unpolled = new ArrayList<>();
    /** Threads in which frames from before the polls may be that nobody has seen. */
    private volatile Set<Long> unseen = Set.of();

    private boolean gone;

    public FilterVersion(String filter, String text, CompileResult.Compiled compiled, InstallOptions options, FilterHooks store) {
        this.filter = filter;
        this.text = text;
        this.compiled = compiled;
        this.options = options;
        this.store = store;
        scopes = scopes(compiled.plan(), store);
        addHooks(compiled.plan());
        classes.addAll(compiled.namedClasses());
        classes.addAll(compiled.plan().classes());
    }

    private static List<PollScope> scopes(WeavingPlan plan, FilterHooks store) {
        List<PollScope> scopes = new ArrayList<>();
        for (ConstraintPlan constraint : plan.constraints()) {
            if (constraint instanceof ConstraintPlan.Unilateral unilateral) {
                scopes.add(PollScope.of(unilateral, store.lock(unilateral)));
            }
        }
        return List.copyOf(scopes);
    }

    /** The scopes of its constraints {@code r <> *}. */
    public List<PollScope> scopes() {
        return scopes;
    }

    /** Whether a class is in the scope of one of them. */
    boolean covers(String internalName) {
        for (PollScope scope : scopes) {
            if (scope.covers(internalName)) {
                return true;
            }
        }
        return false;
    }

    /** Wants methods of a class woven, without hooks, so that their frames can move. */
    synchronized void weaveNeutrally(ClassId id, Set<String> methods) {
        if (methods.isEmpty()) {
            return;
        }
        Map<String, List<MethodWeaving.Region>> more = new HashMap<>(regionsOf(id));
        methods.forEach(method -> more.putIfAbsent(method, List.of()));
        regions.put(id, Map.copyOf(more));
    }

    synchronized void expectUnpolled(ClassId id) {
        unpolled.add(new Arrival(
                id.loader() == null ? null : new WeakReference<>(id.loader()), id.name(), System.nanoTime(), false));
    }

    Set<Long> unseen() {
        return unseen;
    }

    void unseen(Set<Long> threads) {
        unseen = Set.copyOf(threads);
    }

    synchronized boolean expectsUnpolled() {
        return !unpolled.isEmpty();
    }

    /** Takes out those that are loaded, and forgets those that are not after the given time, ns. */
    synchronized List<Class<?>> takeUnpolled(Map<ClassId, Class<?>> loaded, long patience) {
        List<Class<?>> come = new ArrayList<>();
        long now = System.nanoTime();
        unpolled.removeIf(arrival -> {
            ClassId id = arrival.id();
            Class<?> type = id == null ? null : loaded.get(id);
            if (type != null) {
                come.add(type);
            }
            return type != null || id == null || now - arrival.nanos() > patience;
        });
        return come;
    }

    private void addHooks(WeavingPlan plan) {
        for (MethodPlan method : plan.methods()) {
            for (RegionPlan region : method.regions()) {
                ConstraintPlan constraint = plan.constraints().get(region.constraint());
                String token = store.token(constraint, method, region);
                RegionHook hook = hooks.containsKey(token) ? null : store.hook(token, constraint, method, region);
                if (hook != null) {
                    addHook(token, hook, constraint, region);
                }
            }
            for (EventPlan event : method.events()) {
                ConstraintPlan.Order order = (ConstraintPlan.Order) plan.constraints().get(event.constraint());
                String token = store.token(order, method, event);
                if (!hooks.containsKey(token)) {
                    addHook(token, store.hook(token, order, method, event), order, event.asRegion());
                }
            }
        }
    }

    private void addHook(String token, RegionHook hook, ConstraintPlan constraint, RegionPlan plan) {
        plans.put(token, plan);
        hooks.put(token, hook);
        if (hook.mode() == RegionHook.Mode.PASS) {
            // nobody else's: enforces from its first execution on
            turned.add(token);
            store.begin(hook.lock());
            hook.resetCounts();
            hook.mode(mode(constraint));
        }
    }

    private RegionHook.Mode mode(ConstraintPlan constraint) {
        return options.observe() || constraint.observe() ? RegionHook.Mode.OBSERVE : RegionHook.Mode.ENFORCE;
    }

    /**
     * Has its hooks do what this version wants, also those that it has in common with the version before. To be called before its code
     * comes: what they did less until then, frames in the code of now may rely on (see {@link #turned}). Hooks that enforce, and are
     * only to observe, go on until {@link #relax}: as long as the version before may come back.
     */
    public synchronized void engage() {
        set(RegionHook.Mode.ENFORCE);
    }

    /** Has those hooks observe that this version wants to observe, whatever the version before did. */
    public synchronized void relax() {
        set(RegionHook.Mode.OBSERVE);
    }

    private void set(RegionHook.Mode wanted) {
        for (ConstraintPlan constraint : compiled.plan().constraints()) {
            if (mode(constraint) != wanted) {
                continue;
            }
            String start = store.lockName(constraint) + '|';
            hooks.forEach((token, hook) -> {
                if (token.startsWith(start) && hook.mode() != wanted) {
                    hook.mode(wanted);
                    turned.add(token);
                }
            });
        }
    }

    /**
     * Whether a hook has begun to do more with this version than it did before. A frame that is inside the region by then entered it
     * without what the hook gives out now, though its code is the one that is wanted.
     */
    public synchronized boolean turned(String token) {
        return turned.contains(token);
    }

    /** Adds what a plan says about one class of one loader; returns the regions by method. */
    synchronized Map<String, List<MethodWeaving.Region>> add(ClassId id, WeavingPlan plan) {
        if (gone) {
            return Map.of();
        }
        addHooks(plan);
        Map<String, List<MethodWeaving.Region>> byMethod = new HashMap<>();
        for (MethodPlan method : plan.methodsOf(id.name())) {
            for (RegionPlan region : method.regions()) {
                ConstraintPlan constraint = plan.constraints().get(region.constraint());
                String token = store.token(constraint, method, region);
                RegionHook hook = hooks.get(token);
                if (hook != null) {
                    byMethod.computeIfAbsent(method.method().key(), k -> new ArrayList<>())
                            .add(new MethodWeaving.Region(region, hook.id(), token, store.lockName(constraint)));
                }
            }
            for (EventPlan event : method.events()) {
                ConstraintPlan constraint = plan.constraints().get(event.constraint());
                String token = store.token(constraint, method, event);
                byMethod.computeIfAbsent(method.method().key(), k -> new ArrayList<>())
                        .add(MethodWeaving.Region.of(event, hooks.get(token).id(), token, store.lockName(constraint)));
            }
        }
        Map<String, List<MethodWeaving.Region>> all = new HashMap<>(byMethod);
        regionsOf(id).forEach((method, some) -> {
            if (some.isEmpty()) {
                all.putIfAbsent(method, some);
            }
        });
        regions.put(id, Map.copyOf(all));
        if (!byMethod.isEmpty()) {
            classes.add(id.name());
        }
        return byMethod;
    }

    /** Wants nothing any more in a class, which does not fit; its methods stay known, to be taken back. */
    void remove(ClassId id) {
        Map<String, List<MethodWeaving.Region>> empty = new HashMap<>();
        regionsOf(id).keySet().forEach(method -> empty.put(method, List.of()));
        regions.put(id, empty);
    }

    /** Whether a class was looked at for this version. */
    public boolean knows(ClassId id) {
        return regions.get(id) != null;
    }

    /** Whether it has a region in a class. */
    public boolean serves(ClassId id) {
        return regionsOf(id).values().stream().anyMatch(some -> !some.isEmpty());
    }

    /** The regions of one class, by method. */
    public Map<String, List<MethodWeaving.Region>> regionsOf(ClassId id) {
        Map<String, List<MethodWeaving.Region>> found = regions.get(id);
        return found == null ? Map.of() : found;
    }

    void watch(ClassId id, List<WatchedMethod> methods) {
        watched.put(id, List.copyOf(methods));
    }

    /** Where frames of a class's methods can do harm, as found when it was woven. */
    public List<WatchedMethod> watched(ClassId id) {
        List<WatchedMethod> found = watched.get(id);
        return found == null ? List.of() : found;
    }

    // ---- classes -----------------------------------------------------------------------------------------------------------

    /** Whether the text names a class, or one that the class is nested in. */
    public synchronized boolean names(String internalName) {
        if (classes.contains(internalName)) {
            return true;
        }
        int nested = internalName.indexOf('$');
        return nested > 0 && classes.contains(internalName.substring(0, nested));
    }

    public synchronized Set<String> classNames() {
        return new TreeSet<>(classes);
    }

    /** Remembers a class, weakly. */
    public synchronized void touch(Class<?> type) {
        for (WeakReference<Class<?>> known : touched) {
            if (known.get() == type) {
                return;
            }
        }
        touched.add(new WeakReference<>(type));
    }

    /** The classes that it has touched and that still live. */
    public synchronized List<Class<?>> touched() {
        List<Class<?>> alive = new ArrayList<>();
        touched.removeIf(reference -> reference.get() == null);
        for (WeakReference<Class<?>> reference : touched) {
            Class<?> type = reference.get();
            if (type != null) {
                alive.add(type);
            }
        }
        return alive;
    }

    /** Takes note of a class that passes the transformer. False if this version is on its way out, and gives nothing any more. */
    public synchronized boolean arrives(ClassId id, boolean isWoven) {
        if (gone) {
            return false;
        }
        arrivals.add(new Arrival(
                id.loader() == null ? null : new WeakReference<>(id.loader()), id.name(), System.nanoTime(), isWoven));
        return true;
    }

    /** Takes the classes out that have passed the transformer and were not looked up yet. */
    synchronized List<Arrival> takeArrivals() {
        List<Arrival> taken = List.copyOf(arrivals);
        arrivals.clear();
        return taken;
    }

    /** Puts those back that are not there yet. */
    synchronized void stillExpect(List<Arrival> some) {
        arrivals.addAll(some);
    }

    synchronized boolean expectsArrivals() {
        return !arrivals.isEmpty();
    }

    /** From here on no further class is woven with it. */
    synchronized void depart() {
        gone = true;
    }

    // ---- hooks -------------------------------------------------------------------------------------------------------------

    public synchronized Map<String, RegionHook> hooks() {
        return new LinkedHashMap<>(hooks);
    }

    public synchronized String locationOf(String token) {
        RegionPlan plan = plans.get(token);
        return plan == null ? "" : plan.location();
    }

    /** Lets entries pass for all hooks that no other version needs. */
    public void disengage(@Nullable FilterVersion other) {
        Set<String> kept = other == null ? Set.of() : other.hooks().keySet();
        hooks().forEach((token, hook) -> {
            if (!kept.contains(token)) {
                hook.mode(RegionHook.Mode.PASS);
            }
        });
    }

    /** Tokens that are out for hooks that no other version needs. */
    int tokensOut(@Nullable FilterVersion other) {
        Set<String> kept = other == null ? Set.of() : other.hooks().keySet();
        int out = 0;
        for (Map.Entry<String, RegionHook> entry : hooks().entrySet()) {
            if (!kept.contains(entry.getKey())) {
                out += entry.getValue().tokensOut();
            }
        }
        return out;
    }

    /** Frames that are inside a region without its lock. */
    public List<UnprotectedHold> unprotected() {
        return hooks().values().stream().flatMap(hook -> hook.unprotected().stream()).toList();
    }

    /** The methods that a hook was woven into. */
    public List<WatchedMethod> methodsOf(RegionHook hook) {
        List<WatchedMethod> methods = new ArrayList<>();
        for (Class<?> type : touched()) {
            ClassId id = ClassId.of(type);
            regionsOf(id).forEach((method, some) -> {
                if (some.stream().anyMatch(region -> region.hookId() == hook.id())) {
                    watched(id).stream().filter(known -> known.key().equals(method)).forEach(methods::add);
                }
            });
        }
        return methods;
    }

    /** Frames that are on their way from one version of a method to another. */
    public int underWay() {
        int sum = 0;
        for (Class<?> type : touched()) {
            for (String method : regionsOf(ClassId.of(type)).keySet()) {
                sum += UpdatePointSites.underWay(type, method);
            }
        }
        return sum;
    }

    /** Frames, so far, that came to an update point and could not move; by method as {@link WatchedMethod#shown}, with its descriptor. */
    public Map<String, Long> failures() {
        Map<String, Long> failures = new HashMap<>();
        for (Class<?> type : touched()) {
            for (String method : regionsOf(ClassId.of(type)).keySet()) {
                failures.merge(WatchedMethod.shown(type.getName(), method), UpdatePointSites.failed(type, method), Long::sum);
            }
        }
        return failures;
    }
}
