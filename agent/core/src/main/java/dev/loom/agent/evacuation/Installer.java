package dev.loom.agent.evacuation;

import dev.loom.agent.control.FilterEvent;
import dev.loom.agent.control.FilterState;
import dev.loom.agent.control.FilterStatus;
import dev.loom.agent.control.InstallOptions;
import dev.loom.agent.support.AgentLog;
import dev.loom.agent.transform.ClassId;
import dev.loom.agent.transform.LateClasses;
import dev.loom.agent.transform.Weaving;
import dev.loom.bootstrap.RegionHook;
import dev.loom.bootstrap.SwitchPointSites;
import dev.loom.bootstrap.Transfer;
import dev.loom.filter.CompileResult;
import dev.loom.filter.diagnostic.Diagnostic;
import dev.loom.filter.diagnostic.Severity;
import dev.loom.filter.diagnostic.Span;
import dev.loom.filter.plan.MethodPlan;
import dev.loom.filter.plan.RegionPlan;
import dev.loom.filter.plan.WeavingPlan;
import dev.loom.filter.weave.CannotWeave;
import dev.loom.filter.weave.MethodAnalysis;
import dev.loom.filter.weave.MethodWeaving;
import java.lang.instrument.Instrumentation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.Opcodes;

/**
 * Installs, replaces and removes filters. Everything but {@link #filters()} and the answers to {@link LateClasses} runs on the
 * manager's one thread.
 *
 * <h2>Replacement</h2>
 *
 * New code carries the hooks of both versions until no frame can break the new one; then the old version's hooks pass, and go. A
 * region that reads the same in both has one hook, so for it nothing happens at all.
 *
 * <h2>Removal</h2>
 *
 * Hooks pass; when no token is out, methods go to neutral code (switch points and prologue, no hooks), into which running frames
 * move; when no frame is left in woven code, guards go off, no frame is under way, and the bytes from before the install come back.
 */
final class Installer {

    /** Ended filters that are kept for who asks. */
    private static final int MAX_ENDED = 100;
    /** Looks come at growing intervals between these, ms. */
    private static final long FIRST_LOOK = 2;

    private static final long LAST_LOOK = 250;
    /** After this a removal is done even if frames that never return are left in code without locks, ms. */
    private static final long DEPARTURE_MILLIS = 10_000;
    /** A suspect that is older than this is reported as a straggler, ms. */
    private static final long STRAGGLER_MILLIS = 1_000;

    private final Weaving weaving;
    private final Stacks stacks;
    private final Consumer<FilterEvent> events;
    private final BiConsumer<Runnable, Long> later;
    private final Map<String, InstalledFilter> filters = new ConcurrentHashMap<>();
    private final List<String> order = new ArrayList<>();
    /** Versions whose hooks are, or are being, woven; in order of install. Replaced as a whole. */
    private volatile List<Version> woven = List.of();
    /** Frames older than the agent. */
    private final Set<Position> ancient = new HashSet<>();
    private final Set<String> ancientClasses = new HashSet<>();
    private boolean ticking;
    private long interval = FIRST_LOOK;

    Installer(Instrumentation instrumentation, Weaving weaving, Consumer<FilterEvent> events, BiConsumer<Runnable, Long> later) {
        this.weaving = weaving;
        this.events = events;
        this.later = later;
        stacks = new Stacks(instrumentation);
        weaving.late(new Late());
    }

    /** In order of install. */
    List<InstalledFilter> filters() {
        List<InstalledFilter> result = new ArrayList<>();
        synchronized (order) {
            for (String name : order) {
                InstalledFilter filter = filters.get(name);
                if (filter != null) {
                    result.add(filter);
                }
            }
        }
        return result;
    }

    private void enlist(InstalledFilter filter) {
        synchronized (order) {
            order.remove(filter.name);
            order.add(filter.name);
            filters.put(filter.name, filter);
            int ended = 0;
            for (int i = order.size() - 1; i >= 0; i--) {
                InstalledFilter other = filters.get(order.get(i));
                if (other.state.isEnd() && other != filter && ++ended > MAX_ENDED) {
                    filters.remove(order.remove(i));
                }
            }
        }
    }

    // ---- attach ------------------------------------------------------------------------------------------------------------

    /** Gives the application's loaded classes their switch points, and notes the frames that stay in code from before. */
    void prepareLoaded() {
        List<Class<?>> types = new ArrayList<>();
        for (Class<?> type : weaving.loaded()) {
            if (!type.isArray() && !type.isHidden() && weaving.isApplication(type) && !weaving.isForbidden(type)) {
                types.add(type);
                ancientClasses.add(type.getName());
            }
        }
        long start = System.nanoTime();
        for (int from = 0; from < types.size(); from += 200) {
            weaving.prepare(types.subList(from, Math.min(types.size(), from + 200)));
        }
        for (ThreadStack stack : stacks.all()) {
            for (int depth = 0; depth < stack.frames().length; depth++) {
                StackTraceElement frame = stack.atDepth(depth);
                if (ancientClasses.contains(frame.getClassName()) && frame.getFileName() == null) {
                    ancient.add(new Position(stack.id(), depth));
                }
            }
        }
        AgentLog.info("prepared " + types.size() + " loaded classes in " + (System.nanoTime() - start) / 1_000_000 + " ms; "
                + ancient.size() + " running frames are older");
    }

    // ---- check -------------------------------------------------------------------------------------------------------------

    FilterStatus check(String text) {
        CompileResult result = FilterManager.compile("", text, new LoadedClasses(weaving).seenFrom(ClassLoader.getSystemClassLoader()));
        InstalledFilter filter = new InstalledFilter(result.name());
        filter.text = text;
        filter.diagnostics = result.diagnostics();
        if (result instanceof CompileResult.Compiled compiled) {
            filter.digest = compiled.digest();
            filter.waitingFor = compiled.plan().waitingFor();
        }
        FilterStatus status = filter.status();
        return new FilterStatus(
                status.filter(), result instanceof CompileResult.Rejected ? FilterState.REJECTED : null, 0, status.mode(), 0,
                status.digest(), text, false, status.waitingFor(), "", "", 0, 0, status.diagnostics(), List.of(), List.of());
    }

    String explain(String text) {
        CompileResult result = FilterManager.compile("", text, new LoadedClasses(weaving).seenFrom(ClassLoader.getSystemClassLoader()));
        StringBuilder out = new StringBuilder();
        for (Diagnostic diagnostic : result.diagnostics()) {
            out.append(diagnostic.span().line()).append(':').append(diagnostic.span().column()).append(' ')
                    .append(diagnostic.severity()).append(' ').append(diagnostic.code()).append(' ').append(diagnostic.message())
                    .append('\n');
        }
        if (result instanceof CompileResult.Compiled compiled) {
            for (MethodPlan method : compiled.plan().methods()) {
                out.append(method.method()).append('\n');
                for (RegionPlan region : method.regions()) {
                    out.append("    ").append(region.shared() ? "shared region " : "region ").append(region.location());
                    if (!region.isWholeMethod()) {
                        out.append(" enters at line ").append(region.entryLines()).append(", leaves behind line ")
                                .append(region.exitLines().isEmpty() ? "of its returns" : region.exitLines());
                    }
                    if (region.key() != null) {
                        out.append(", key ").append(region.key().text());
                    }
                    out.append('\n');
                }
            }
            compiled.plan().waitingFor().forEach(c -> out.append("waiting for class ").append(c.replace('/', '.')).append('\n'));
        }
        return out.toString();
    }

    // ---- install -----------------------------------------------------------------------------------------------------------

    FilterStatus install(String wanted, String text, InstallOptions options) {
        LoadedClasses loaded = new LoadedClasses(weaving);
        CompileResult first = FilterManager.compile(wanted, text, loaded.seenFrom(mainLoader(loaded)));
        String name = wanted.isEmpty() ? first.name() : wanted;
        InstalledFilter present = filters.get(name);
        boolean replaces = present != null && !present.state.isEnd();
        if (replaces && present.state == FilterState.REMOVING) {
            throw new IllegalStateException("filter '" + name + "' is being removed; install it again when it is REMOVED");
        }
        if (replaces && present.replaced != null) {
            throw new IllegalStateException("filter '" + name + "' is being replaced already; wait until that is ACTIVE, or cancel it");
        }
        if (first instanceof CompileResult.Rejected rejected) {
            return rejected(name, text, options, rejected.diagnostics(), replaces);
        }
        CompileResult.Compiled compiled = (CompileResult.Compiled) first;
        Version version = new Version(name, text, compiled, options, replaces ? present.version : null);
        InstalledFilter filter = replaces ? present : new InstalledFilter(name);
        List<Diagnostic> diagnostics = new ArrayList<>(compiled.diagnostics());
        List<Version> before = woven;
        woven = plus(before, version); // from here on, classes that are being defined are woven
        try {
            List<Class<?>> types = targets(version, new LoadedClasses(weaving));
            Map<Class<?>, byte[]> files = new HashMap<>(weaving.classFiles(types));
            List<Diagnostic> problems = resolveEach(version, types, files, diagnostics);
            if (!problems.isEmpty()) {
                woven = before;
                version.unregister(replaces ? present.version : null);
                return rejected(name, text, options, problems, replaces);
            }
            List<Weaving.Change> changes = changes(types);
            weaving.apply(changes, files);
            version.engage();
            if (replaces) {
                filter.replaced = filter.version;
            }
            filter.version = version;
            filter.text = text;
            filter.digest = compiled.digest();
            filter.observe = options.observe();
            filter.diagnostics = diagnostics;
            filter.cause = "";
            filter.accepted = "";
            filter.enabledSince = System.currentTimeMillis();
            filter.reportedStragglers.clear();
            filter.reportedProgress = -1;
            filter.evacuatingSinceNanos = System.nanoTime();
            if (!replaces) {
                enlist(filter);
            }
            goLive(changes);
            Evacuation evacuation = new Evacuation(stacks, watched(version, types, files), ancient::contains);
            evacuation.begin(p -> false);
            filter.evacuation = evacuation;
            if (!replaces) {
                filter.unwovenFrames = evacuation.census();
            }
            filter.shells = evacuation.shells();
            updateWaiting(filter);
            enter(filter, filter.waitingFor.isEmpty() ? FilterState.EVACUATING : FilterState.WAITING_FOR_CLASS, "installed");
            advance(filter);
            tick();
            return filter.status();
        } catch (CannotWeave e) {
            woven = before;
            version.disengage(replaces ? present.version : null);
            version.unregister(replaces ? present.version : null);
            List<Diagnostic> all = new ArrayList<>(diagnostics);
            all.add(new Diagnostic("LOOM-090", Severity.ERROR, name + ".loom", Span.START, e.getMessage(),
                    "choose a smaller region, or a caller of this method"));
            return rejected(name, text, options, all, replaces);
        }
    }

    private FilterStatus rejected(
            String name, String text, InstallOptions options, List<Diagnostic> diagnostics, boolean replaces) {
        InstalledFilter filter = new InstalledFilter(name);
        filter.text = text;
        filter.observe = options.observe();
        filter.diagnostics = diagnostics;
        filter.state = FilterState.REJECTED;
        FilterStatus status = filter.status();
        if (!replaces) {
            enlist(filter);
            events.accept(new FilterEvent(FilterEvent.Kind.STATE, "filter '" + name + "': REJECTED", status));
        }
        return status;
    }

    private static <T> List<T> plus(List<T> list, T more) {
        List<T> longer = new ArrayList<>(list);
        longer.add(more);
        return List.copyOf(longer);
    }

    private static <T> List<T> minus(List<T> list, T less) {
        List<T> shorter = new ArrayList<>(list);
        shorter.remove(less);
        return List.copyOf(shorter);
    }

    private static ClassLoader mainLoader(LoadedClasses loaded) {
        return ClassLoader.getSystemClassLoader();
    }

    /** The loaded classes that a version weaves. */
    private List<Class<?>> targets(Version version, LoadedClasses loaded) {
        List<Class<?>> types = new ArrayList<>();
        for (String name : version.classNames()) {
            types.addAll(loaded.named(name));
        }
        // classes that were being defined when the version was published
        for (ClassId id : weaving.definitions().recent(version::names)) {
            boolean isKnown = types.stream().anyMatch(t -> ClassId.of(t).equals(id));
            if (!isKnown) {
                Class<?> type = awaitDefinition(id);
                if (type != null && version.classNames().contains(id.name())) {
                    types.add(type);
                }
            }
        }
        return types;
    }

    private @Nullable Class<?> awaitDefinition(ClassId id) {
        long deadline = System.nanoTime() + 2_000_000_000L;
        do {
            for (Class<?> type : weaving.loaded()) {
                if (!type.isArray() && ClassId.of(type).equals(id)) {
                    return type;
                }
            }
            try {
                Thread.sleep(5);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return null;
            }
        } while (System.nanoTime() < deadline);
        return null; // its definition failed
    }

    /** Compiles the filter against each loader's own classes, with the bytes that were really loaded. */
    private List<Diagnostic> resolveEach(
            Version version, List<Class<?>> types, Map<Class<?>, byte[]> files, List<Diagnostic> remarks) {
        LoadedClasses loaded = new LoadedClasses(weaving);
        files.forEach(loaded::know);
        Map<ClassLoader, CompileResult> byLoader = new java.util.IdentityHashMap<>();
        CompileResult boot = null;
        List<Diagnostic> errors = new ArrayList<>();
        int served = 0;
        List<Class<?>> unmodifiable = new ArrayList<>();
        for (Class<?> type : types) {
            ClassLoader loader = type.getClassLoader();
            CompileResult result = loader == null ? boot : byLoader.get(loader);
            if (result == null) {
                result = FilterManager.compile(version.filter, version.text, loaded.seenFrom(loader));
                if (loader == null) {
                    boot = result;
                } else {
                    byLoader.put(loader, result);
                }
            }
            if (result instanceof CompileResult.Compiled compiled) {
                if (!version.add(ClassId.of(type), compiled.plan()).isEmpty()) {
                    served++;
                    if (weaving.isForbidden(type)) {
                        unmodifiable.add(type);
                    }
                }
            } else {
                errors.addAll(result.diagnostics());
            }
        }
        for (Class<?> type : unmodifiable) {
            errors.add(new Diagnostic("LOOM-091", Severity.ERROR, version.filter + ".loom", Span.START,
                    "class " + type.getName() + " cannot be changed in this JVM: Loom or the JVM depends on it",
                    "filter a caller of it instead"));
        }
        if (!errors.isEmpty() && served > 0 && unmodifiable.isEmpty()) {
            for (Diagnostic error : errors) {
                remarks.add(new Diagnostic(error.code(), Severity.WARNING, error.file(), error.span(),
                        "not in every class loader: " + error.message(), error.hint()));
            }
            return List.of();
        }
        return errors;
    }

    /** What the versions in force ask for in the given classes, as changes of their methods. */
    private List<Weaving.Change> changes(List<Class<?>> types) {
        List<Weaving.Change> changes = new ArrayList<>();
        for (Class<?> type : types) {
            ClassId id = ClassId.of(type);
            Map<String, List<MethodWeaving.Region>> wanted = regionsOf(id, woven);
            Map<String, MethodWeaving> changed = new HashMap<>();
            wanted.forEach((method, regions) -> {
                MethodWeaving now = weaving.wovenInto(type, method);
                if (now == null || !now.regions().equals(regions)) {
                    changed.put(method, new MethodWeaving(weaving.nextVersion(id, method), regions));
                }
            });
            if (!changed.isEmpty()) {
                changes.add(new Weaving.Change(type, changed, Set.of()));
            }
        }
        return changes;
    }

    /** The regions of all given versions in one class, each token once, by method; in the order in which locks are taken. */
    private static Map<String, List<MethodWeaving.Region>> regionsOf(ClassId id, List<Version> versions) {
        Map<String, Map<String, MethodWeaving.Region>> byMethod = new LinkedHashMap<>();
        for (Version version : versions) {
            version.regionsOf(id).forEach((method, regions) -> {
                Map<String, MethodWeaving.Region> tokens = byMethod.computeIfAbsent(method, k -> new LinkedHashMap<>());
                regions.forEach(region -> tokens.putIfAbsent(region.token(), region));
            });
        }
        Map<String, List<MethodWeaving.Region>> result = new LinkedHashMap<>();
        byMethod.forEach((method, tokens) -> {
            List<MethodWeaving.Region> regions = new ArrayList<>(tokens.values());
            regions.sort(Comparator.comparing(MethodWeaving.Region::lock).thenComparing(MethodWeaving.Region::token));
            result.put(method, regions);
        });
        return result;
    }

    private static void goLive(List<Weaving.Change> changes) {
        for (Weaving.Change change : changes) {
            change.woven().forEach((method, weaving) -> SwitchPointSites.setLive(change.type(), method, weaving.version()));
        }
    }

    /** The methods of a version whose older frames matter. */
    private List<WatchedMethod> watched(Version version, List<Class<?>> types, Map<Class<?>, byte[]> files) {
        List<WatchedMethod> watched = new ArrayList<>();
        for (Class<?> type : types) {
            ClassId id = ClassId.of(type);
            Map<String, List<RegionPlan>> plans = new HashMap<>();
            version.regionsOf(id).forEach((method, regions) ->
                    plans.put(method, regions.stream().map(MethodWeaving.Region::plan).toList()));
            if (!plans.isEmpty()) {
                watched.addAll(watched(type, plans, files.get(type)));
            }
        }
        return watched;
    }

    private List<WatchedMethod> watched(Class<?> type, Map<String, List<RegionPlan>> plans, byte[] file) {
        ClassLoader loader = type.getClassLoader();
        Map<String, MethodAnalysis> analyses = MethodAnalysis.of(
                file, plans, weaving.isPrepared(type), name -> Weaving.resource(new ClassId(loader, name)),
                name -> Transfer.restorable(type, name) != null);
        boolean named = namesSource(file);
        List<WatchedMethod> result = new ArrayList<>();
        analyses.forEach((method, analysis) -> result.add(
                new WatchedMethod(type.getName(), method, analysis.prepared(), analysis.unprepared(), false, named)));
        return result;
    }

    private static boolean namesSource(byte[] classFile) {
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

    private void updateWaiting(InstalledFilter filter) {
        Version version = filter.version;
        Set<String> waiting = new TreeSet<>();
        LoadedClasses loaded = null;
        Set<String> names = new TreeSet<>(version.compiled.plan().waitingFor());
        names.addAll(version.compiled.plan().classes());
        for (String name : names) {
            if (loaded == null) {
                loaded = new LoadedClasses(weaving);
            }
            if (!loaded.isLoaded(name)) {
                waiting.add(name);
            }
        }
        filter.waitingFor = waiting;
    }

    // ---- states ------------------------------------------------------------------------------------------------------------

    private void enter(InstalledFilter filter, FilterState state, String why) {
        if (filter.state == state) {
            return;
        }
        filter.state = state;
        filter.stateNanos = System.nanoTime();
        AgentLog.info("filter '" + filter.name + "': " + state + (why.isEmpty() ? "" : " (" + why + ")"));
        events.accept(new FilterEvent(FilterEvent.Kind.STATE, "filter '" + filter.name + "': " + state, filter.status()));
    }

    private void tick() {
        interval = FIRST_LOOK;
        if (!ticking) {
            ticking = true;
            later.accept(this::turn, interval);
        }
    }

    private void turn() {
        boolean busy = false;
        try {
            for (InstalledFilter filter : filters()) {
                try {
                    busy |= advance(filter);
                } catch (RuntimeException | Error e) {
                    AgentLog.error("filter '" + filter.name + "' could not be advanced", e);
                    busy = true;
                }
            }
        } finally {
            ticking = false;
        }
        if (busy) {
            interval = Math.min(LAST_LOOK, interval * 2);
            ticking = true;
            later.accept(this::turn, interval);
        }
    }

    /** Takes a filter one step further; returns whether there will be more to do. */
    private boolean advance(InstalledFilter filter) {
        return switch (filter.state) {
            case EVACUATING, ACCEPTED, WAITING_FOR_CLASS -> evacuate(filter);
            case REMOVING -> depart(filter);
            case REMOVED, FAILED -> filter.departing && depart(filter);
            case ACTIVE, OBSERVING -> false;
            default -> false;
        };
    }

    private boolean evacuate(InstalledFilter filter) {
        Evacuation evacuation = filter.evacuation;
        Version version = filter.version;
        if (!filter.waitingFor.isEmpty()) {
            updateWaiting(filter);
            if (filter.waitingFor.isEmpty() && filter.state == FilterState.WAITING_FOR_CLASS) {
                enter(filter, FilterState.EVACUATING, "all classes are loaded");
            }
        }
        evacuation.look();
        // in this order: a frame that is under way is not yet counted as unprotected
        boolean clear = evacuation.isClear() && underWay(version) == 0 && version.unprotected() == 0;
        report(filter, evacuation);
        if (clear && filter.waitingFor.isEmpty()) {
            finishReplacement(filter);
            enter(filter, filter.observe ? FilterState.OBSERVING : FilterState.ACTIVE, "no frame is left that could break it");
            return filter.departing;
        }
        if (!clear && filter.version.options.reverseAfter() != null
                && System.nanoTime() - filter.evacuatingSinceNanos > filter.version.options.reverseAfter().toNanos()
                && filter.state == FilterState.EVACUATING) {
            AgentLog.warn("filter '" + filter.name + "' is taken back: stragglers were left after "
                    + filter.version.options.reverseAfter());
            filter.cause = "taken back by policy: stragglers were left after " + filter.version.options.reverseAfter().toSeconds()
                    + " s";
            reverse(filter);
        }
        return true;
    }

    private int underWay(Version version) {
        int count = 0;
        LoadedClasses loaded = new LoadedClasses(weaving);
        for (String name : version.classNames()) {
            for (Class<?> type : loaded.named(name)) {
                for (String method : version.regionsOf(ClassId.of(type)).keySet()) {
                    count += SwitchPointSites.underWay(type, method);
                }
            }
        }
        return count;
    }

    private void report(InstalledFilter filter, Evacuation evacuation) {
        double progress = evacuation.progress();
        if (progress != filter.reportedProgress) {
            filter.reportedProgress = progress;
            events.accept(new FilterEvent(
                    FilterEvent.Kind.PROGRESS, "filter '" + filter.name + "': " + Math.round(progress * 100) + " % evacuated",
                    filter.status()));
        }
        long now = System.nanoTime();
        for (Suspect suspect : evacuation.suspects()) {
            if (now - suspect.sinceNanos() > STRAGGLER_MILLIS * 1_000_000 && filter.reportedStragglers.add(suspect.position())) {
                events.accept(new FilterEvent(
                        FilterEvent.Kind.STRAGGLER,
                        "filter '" + filter.name + "': thread '" + suspect.last().name() + "' is still at "
                                + InstalledFilter.straggler(suspect, now).location(),
                        filter.status()));
            }
        }
    }

    private void finishReplacement(InstalledFilter filter) {
        Version old = filter.replaced;
        if (old != null) {
            old.disengage(filter.version);
            filter.replaced = null;
            retire(old, filter);
        }
    }

    /** Takes the hooks of a version that no longer counts out of the code, if they are not those of its successor. */
    private void retire(Version old, InstalledFilter filter) {
        retiring.add(new Retiring(old, filter));
        later.accept(this::retireNow, FIRST_LOOK);
    }

    private record Retiring(Version old, InstalledFilter filter) {}

    private final List<Retiring> retiring = new ArrayList<>();

    private void retireNow() {
        List<Retiring> left = new ArrayList<>();
        for (Retiring entry : retiring) {
            Version kept = entry.filter().version;
            if (entry.old().tokensOut(kept) > 0) {
                left.add(entry);
                continue;
            }
            woven = minus(woven, entry.old());
            unweave(entry.old());
            entry.old().unregister(kept);
        }
        retiring.clear();
        retiring.addAll(left);
        if (!left.isEmpty()) {
            later.accept(this::retireNow, 50L);
        }
    }

    /** Weaves the classes of a version anew without it: what others want, or neutral code. */
    private List<Weaving.Change> unweave(Version gone) {
        LoadedClasses loaded = new LoadedClasses(weaving);
        List<Weaving.Change> changes = new ArrayList<>();
        for (String name : gone.classNames()) {
            for (Class<?> type : loaded.named(name)) {
                ClassId id = ClassId.of(type);
                Map<String, MethodWeaving> changed = new HashMap<>();
                Map<String, List<MethodWeaving.Region>> wanted = regionsOf(id, woven);
                for (String method : gone.regionsOf(id).keySet()) {
                    List<MethodWeaving.Region> regions = wanted.getOrDefault(method, List.of());
                    MethodWeaving now = weaving.wovenInto(type, method);
                    if (now != null && !now.regions().equals(regions)) {
                        changed.put(method, new MethodWeaving(weaving.nextVersion(id, method), regions));
                    }
                }
                if (!changed.isEmpty()) {
                    changes.add(new Weaving.Change(type, changed, Set.of()));
                }
            }
        }
        if (!changes.isEmpty()) {
            weaving.apply(changes, Map.of());
            goLive(changes);
        }
        return changes;
    }

    // ---- removal -----------------------------------------------------------------------------------------------------------

    FilterStatus remove(String name) {
        InstalledFilter filter = existing(name);
        if (filter.state.isEnd()) {
            return filter.status();
        }
        startRemoval(filter);
        return filter.status();
    }

    List<FilterStatus> removeAll() {
        List<FilterStatus> result = new ArrayList<>();
        for (InstalledFilter filter : filters()) {
            if (!filter.state.isEnd()) {
                startRemoval(filter);
                result.add(filter.status());
            }
        }
        return result;
    }

    private void startRemoval(InstalledFilter filter) {
        if (filter.state == FilterState.REMOVING) {
            return;
        }
        filter.version.disengage(null);
        if (filter.replaced != null) {
            filter.replaced.disengage(null);
        }
        filter.departing = true;
        enter(filter, FilterState.REMOVING, "");
        advance(filter);
        tick();
    }

    private boolean depart(InstalledFilter filter) {
        Version version = filter.version;
        Version old = filter.replaced;
        if (filter.departure == null) {
            if (version.tokensOut(null) > 0 || (old != null && old.tokensOut(null) > 0)) {
                return true;
            }
            woven = minus(woven, version);
            List<Version> gone = new ArrayList<>(List.of(version));
            if (old != null) {
                woven = minus(woven, old);
                gone.add(old);
            }
            gone.forEach(this::unweave);
            filter.departure = new Evacuation(stacks, leaving(gone), p -> false);
            Set<Position> unwoven = filter.unwovenFrames;
            filter.departure.begin(unwoven::contains);
            filter.shells = filter.departure.shells();
        }
        filter.departure.look();
        if (filter.departure.isClear() || !stacks.seesAll() && filter.departure.suspects().isEmpty()) {
            if (!restore(version) || old != null && !restore(old)) {
                return true;
            }
            version.unregister(null);
            if (old != null) {
                old.unregister(null);
                filter.replaced = null;
            }
            filter.departing = false;
            filter.departure = null;
            filter.unwovenFrames = Set.of();
            enter(filter, filter.state == FilterState.FAILED ? FilterState.FAILED : FilterState.REMOVED, "");
            return false;
        }
        filter.shells = filter.departure.shells() + filter.departure.suspects().size();
        if (filter.state == FilterState.REMOVING
                && System.nanoTime() - filter.stateNanos > DEPARTURE_MILLIS * 1_000_000) {
            // frames that do not move stand in code whose hooks pass; the bytes go back when they have left
            enter(filter, FilterState.REMOVED, filter.departure.suspects().size() + " frames have not returned yet");
        }
        return true;
    }

    /** The methods of the given versions that have no hooks any more; of those, every frame in woven code is in the way. */
    private List<WatchedMethod> leaving(List<Version> gone) {
        LoadedClasses loaded = new LoadedClasses(weaving);
        Map<Class<?>, Map<String, List<RegionPlan>>> methods = new LinkedHashMap<>();
        for (Version version : gone) {
            for (String name : version.classNames()) {
                for (Class<?> type : loaded.named(name)) {
                    version.regionsOf(ClassId.of(type)).forEach((method, regions) -> {
                        MethodWeaving now = weaving.wovenInto(type, method);
                        if (now != null && now.regions().isEmpty()) {
                            methods.computeIfAbsent(type, k -> new HashMap<>())
                                    .put(method, regions.stream().map(MethodWeaving.Region::plan).toList());
                        }
                    });
                }
            }
        }
        Map<Class<?>, byte[]> files = weaving.classFiles(methods.keySet());
        List<WatchedMethod> watched = new ArrayList<>();
        methods.forEach((type, plans) -> {
            byte[] file = files.get(type);
            if (file != null) {
                watched(type, plans, file).forEach(method -> watched.add(method.forDeparture()));
            }
        });
        return watched;
    }

    /** Gives neutral methods of a version the bytes from before; false if a frame is under way and it has to be tried again. */
    private boolean restore(Version version) {
        LoadedClasses loaded = new LoadedClasses(weaving);
        List<Weaving.Change> changes = new ArrayList<>();
        boolean quiet = true;
        for (String name : version.classNames()) {
            for (Class<?> type : loaded.named(name)) {
                Set<String> neutral = new LinkedHashSet<>();
                for (String method : version.regionsOf(ClassId.of(type)).keySet()) {
                    MethodWeaving now = weaving.wovenInto(type, method);
                    if (now != null && now.regions().isEmpty()) {
                        // from here on no frame starts to move; those under way still find the prologue
                        SwitchPointSites.setLive(type, method, 0);
                        quiet &= SwitchPointSites.underWay(type, method) == 0;
                        neutral.add(method);
                    }
                }
                if (!neutral.isEmpty()) {
                    changes.add(new Weaving.Change(type, Map.of(), neutral));
                }
            }
        }
        if (quiet && !changes.isEmpty()) {
            weaving.apply(changes, Map.of());
        }
        return quiet;
    }

    FilterStatus cancel(String name) {
        InstalledFilter filter = existing(name);
        if (!filter.isEvacuating()) {
            throw new IllegalArgumentException("filter '" + name + "' is " + filter.state + ": there is no install to cancel");
        }
        filter.cause = "cancelled";
        reverse(filter);
        return filter.status();
    }

    /** Takes an install back: to the version before it, or to none. */
    private void reverse(InstalledFilter filter) {
        Version old = filter.replaced;
        if (old == null) {
            startRemoval(filter);
            return;
        }
        Version failed = filter.version;
        failed.disengage(old);
        old.engage();
        filter.version = old;
        filter.replaced = null;
        filter.text = old.text;
        filter.digest = old.compiled.digest();
        filter.observe = old.options.observe();
        filter.diagnostics = old.compiled.diagnostics();
        retire(failed, filter);
        updateWaiting(filter);
        enter(filter, filter.observe ? FilterState.OBSERVING : FilterState.ACTIVE, "back to the version before");
    }

    FilterStatus accept(String name, String why) {
        InstalledFilter filter = existing(name);
        if (why == null || why.isBlank()) {
            throw new IllegalArgumentException("say why the stragglers are accepted");
        }
        if (filter.state != FilterState.EVACUATING && filter.state != FilterState.ACCEPTED) {
            throw new IllegalArgumentException("filter '" + name + "' is " + filter.state + ": it has no stragglers to accept");
        }
        filter.accepted = why.strip();
        enter(filter, FilterState.ACCEPTED, why.strip());
        return filter.status();
    }

    void resetCounters(String name) {
        InstalledFilter filter = existing(name);
        if (filter.version != null) {
            filter.version.hooks().values().forEach(RegionHook::resetCounts);
        }
    }

    private InstalledFilter existing(String name) {
        InstalledFilter filter = filters.get(name);
        if (filter == null) {
            throw new IllegalArgumentException("there is no filter '" + name + "' in this JVM");
        }
        return filter;
    }

    /** Takes back what is left, and stops transforming. */
    void close() {
        weaving.close();
    }

    // ---- classes that come later -------------------------------------------------------------------------------------------

    private final class Late implements LateClasses {

        @Override
        public boolean isInteresting(String name) {
            for (Version version : woven) {
                if (version.names(name)) {
                    return true;
                }
            }
            return false;
        }

        @Override
        public Map<String, MethodWeaving> weavingOf(ClassId id, byte[] classFile) {
            List<Version> now = woven;
            Map<String, MethodWeaving> result = new HashMap<>();
            for (Version version : now) {
                if (version.names(id.name())) {
                    compileLate(version, id, classFile);
                }
            }
            regionsOf(id, now).forEach((method, regions) ->
                    result.put(method, new MethodWeaving(weaving.nextVersion(id, method), regions)));
            later.accept(Installer.this::tick, 1L);
            return result;
        }

        private void compileLate(Version version, ClassId id, byte[] classFile) {
            CompileResult result = FilterManager.compile(version.filter, version.text, new dev.loom.filter.classes.ClassSource() {
                @Override
                public Optional<byte[]> find(String internalName) {
                    return internalName.equals(id.name())
                            ? Optional.of(classFile)
                            : Weaving.resource(new ClassId(id.loader(), internalName));
                }

                @Override
                public Set<String> names() {
                    return version.classNames();
                }

                @Override
                public boolean mayGrow() {
                    return true;
                }
            });
            if (result instanceof CompileResult.Compiled compiled) {
                WeavingPlan plan = compiled.plan();
                version.add(id, plan);
            } else {
                later.accept(() -> misfit(version, id, result.diagnostics()), 1L);
            }
        }
    }

    /** A class came that does not fit its filter. */
    private void misfit(Version version, ClassId id, List<Diagnostic> diagnostics) {
        InstalledFilter filter = filters.get(version.filter);
        if (filter == null || filter.version != version || filter.state.isEnd() || filter.state == FilterState.REMOVING) {
            return;
        }
        List<Diagnostic> all = new ArrayList<>(filter.diagnostics);
        boolean served = new LoadedClasses(weaving).named(id.name()).stream()
                .anyMatch(type -> !version.regionsOf(ClassId.of(type)).isEmpty());
        for (Diagnostic diagnostic : diagnostics) {
            all.add(served
                    ? new Diagnostic(diagnostic.code(), Severity.WARNING, diagnostic.file(), diagnostic.span(),
                            "in another class loader: " + diagnostic.message(), diagnostic.hint())
                    : diagnostic);
        }
        filter.diagnostics = all;
        if (!served) {
            filter.cause = "class " + id.dotted() + " was loaded and does not fit the filter";
            version.disengage(null);
            filter.departing = true;
            enter(filter, FilterState.FAILED, filter.cause);
            tick();
        }
    }
}
