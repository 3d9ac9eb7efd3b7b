package dev.loom.agent.evacuation;

import dev.loom.agent.control.FilterState;
import dev.loom.agent.control.FilterStatus;
import dev.loom.agent.control.InstallOptions;
import dev.loom.agent.guard.BrokenWait;
import dev.loom.agent.stack.Threads;
import dev.loom.agent.support.AgentLog;
import dev.loom.agent.transform.ClassId;
import dev.loom.agent.transform.Refused;
import dev.loom.agent.transform.Weaving;
import dev.loom.bootstrap.ConstraintLock;
import dev.loom.bootstrap.RegionHook;
import dev.loom.bootstrap.Transfer;
import dev.loom.filter.CompileResult;
import dev.loom.filter.classes.ClassSource;
import dev.loom.filter.classes.JdkClasses;
import dev.loom.filter.complete.Completion;
import dev.loom.filter.diagnostic.Diagnostic;
import dev.loom.filter.diagnostic.Diagnostics;
import dev.loom.filter.diagnostic.Span;
import dev.loom.filter.syntax.FilterParser;
import dev.loom.filter.weave.body.CannotWeave;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Installs, replaces and removes filters, step by step, on the manager's thread.
 *
 * <h2>Replacement</h2>
 *
 * New code carries the hooks of both versions until no frame can break the new one; then the old version's hooks pass, and go. A
 * region that reads the same in both has one hook, so for it nothing happens at all.
 *
 * <h2>When ACTIVE is said</h2>
 *
 * When, in this order: every class that was being defined when the filter came has been seen; no suspect is left; no frame is on its
 * way; none is inside a region without its lock; and no frame has come to a guard since the last look and could not move. Should a
 * frame fail to move later, from a place that was safe as long as guards work, the filter goes back to EVACUATING and shows it.
 */
final class Installer {

    /** After this a removal is done even if frames that never return are left in code without locks, ms. */
    private static final long DEPARTURE_MILLIS = 3_000;
    /** A suspect that is older than this is reported as a straggler, ms. */
    private static final long STRAGGLER_MILLIS = 1_000;

    /** Names that an editor is given at once. */
    private static final int MAX_COMPLETIONS = 100;

    private final Weaving weaving;
    private final WovenCode code;
    private final Arrivals arrivals;
    private final Ticker ticker;
    private final Filters filters = new Filters();
    private final List<Departure> departures = new ArrayList<>();
    private final Announcements announcements;
    private @Nullable StandstillWatch standstills;
    private int withoutRoomSeen = Transfer.withoutRoom();

    Installer(Weaving weaving, WovenCode code, Ticker ticker, Announcements announcements) {
        this.weaving = weaving;
        this.code = code;
        this.ticker = ticker;
        this.announcements = announcements;
        arrivals = new Arrivals(weaving);
        weaving.late(new LateWeaving(code, new Late()));
    }

    List<InstalledFilter> filters() {
        return filters.all();
    }

    // ---- check -------------------------------------------------------------------------------------------------------------

    FilterStatus check(String text) {
        CompileResult result = Compilations.best("", text, new LoadedClasses(weaving), weaving);
        InstalledFilter filter = new InstalledFilter(result.name());
        filter.text = text;
        filter.diagnostics = result.diagnostics();
        if (result instanceof CompileResult.Compiled compiled) {
            filter.digest = compiled.digest();
            filter.waitingFor = compiled.plan().waitingFor();
        }
        return filter.statusAs(result instanceof CompileResult.Rejected ? FilterState.REJECTED : null);
    }

    String explain(String text) {
        return Explanation.of(Compilations.bestSeen("", text, new LoadedClasses(weaving), weaving));
    }

    List<String> complete(String typed) {
        ClassSource classes = new LoadedClasses(weaving).seenFrom(ClassLoader.getSystemClassLoader());
        boolean isJdkAsked = JdkClasses.isJdk(typed.replace('.', '/'));
        return Completion.of(
                typed, classes, n -> !weaving.isForbidden(new ClassId(null, n)) && (isJdkAsked || !JdkClasses.isJdk(n)), MAX_COMPLETIONS);
    }

    // ---- install -----------------------------------------------------------------------------------------------------------

    FilterStatus install(String wanted, String text, InstallOptions options) {
        Diagnostics naming = new Diagnostics("filter.loom");
        if (!wanted.isEmpty()) {
            FilterParser.checkFilterName(wanted, Span.START, naming);
        }
        if (naming.hasErrors()) {
            InstalledFilter unnamed = new InstalledFilter(wanted);
            unnamed.diagnostics = naming.sorted();
            return unnamed.statusAs(FilterState.REJECTED);
        }
        LoadedClasses loaded = new LoadedClasses(weaving);
        CompileResult result = Compilations.best(wanted, text, loaded, weaving);
        String name = wanted.isEmpty() ? result.name() : wanted;
        InstalledFilter present = filters.get(name);
        InstalledFilter before = present == null || present.state.isEnd() ? null : present;
        if (before != null) {
            refuseWhileUnfinished(before);
        }
        if (!(result instanceof CompileResult.Compiled compiled)) {
            return ended(name, text, options, FilterState.REJECTED, result.diagnostics(), "", before);
        }
        Version version = new Version(name, text, compiled, options, filters.hooks(name));
        InstalledFilter filter = before;
        if (filter == null) {
            filter = new InstalledFilter(name);
            describe(filter, version, compiled.diagnostics());
            filters.put(filter);
            announcements.state(filter, "");
        }
        try {
            return weave(filter, version, before != null);
        } catch (Misfit e) {
            return abandoned(version, before, FilterState.REJECTED, e.diagnostics, "");
        } catch (CannotWeave e) {
            return abandoned(
                    version, before, FilterState.REJECTED,
                    plus(compiled.diagnostics(), Compilations.notWoven(name, String.valueOf(e.getMessage()))), "");
        } catch (Refused e) {
            AgentLog.warn("filter '" + name + "' is not installed", e);
            return abandoned(version, before, FilterState.FAILED, compiled.diagnostics(), String.valueOf(e.getMessage()));
        } catch (RuntimeException | LinkageError | StackOverflowError | OutOfMemoryError e) {
            AgentLog.error("filter '" + name + "' is not installed because of a fault in Loom", e);
            weaving.statistics().fault();
            return abandoned(version, before, FilterState.FAILED, compiled.diagnostics(), "a fault in Loom: " + e);
        }
    }

    /** The filter does not fit the loaded classes. */
    private static final class Misfit extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final transient List<Diagnostic> diagnostics;

        Misfit(List<Diagnostic> diagnostics) {
            this.diagnostics = diagnostics;
        }
    }

    private static void refuseWhileUnfinished(InstalledFilter filter) {
        if (filter.state == FilterState.REMOVING) {
            throw new IllegalStateException("filter '" + filter.name + "' is being removed: install it again when it is REMOVED");
        }
        if (filter.replaced != null) {
            throw new IllegalStateException(
                    "filter '" + filter.name + "' is being replaced already: wait until that is ACTIVE, or cancel it");
        }
        if (filter.state == FilterState.CHECKING || filter.state == FilterState.EVACUATING) {
            throw new IllegalStateException(
                    "the install of filter '" + filter.name + "' is not finished: wait until it is ACTIVE, accept its stragglers, or"
                            + " cancel it");
        }
    }

    /** A filter that never was in force, as its status; it takes its name only where no other has it. */
    private FilterStatus ended(
            String name, String text, InstallOptions options, FilterState state, List<Diagnostic> diagnostics, String cause,
            @Nullable InstalledFilter before) {
        InstalledFilter filter = new InstalledFilter(name);
        filter.text = text;
        filter.observe = options.observe();
        filter.diagnostics = diagnostics;
        filter.cause = cause;
        if (before != null) {
            return filter.statusAs(state);
        }
        filters.put(filter);
        enter(filter, state, cause);
        return filter.status();
    }

    private FilterStatus abandoned(
            Version version, @Nullable InstalledFilter before, FilterState state, List<Diagnostic> diagnostics, String cause) {
        Version stays = before == null ? null : before.version;
        version.disengage(stays);
        code.withdraw(version);
        if (stays != null) {
            stays.relax();
        }
        // a class that was defined meanwhile may have been given its hooks
        depart(List.of(version), stays);
        FilterStatus status = ended(version.filter, version.text, version.options, state, diagnostics, cause, before);
        ticker.wake();
        return status;
    }

    private FilterStatus weave(InstalledFilter filter, Version version, boolean replaces) {
        List<Diagnostic> remarks = new ArrayList<>(version.compiled.diagnostics());
        // publish first, enumerate second: a class that is missed here has passed the transformer before, or was woven by it
        code.publish(version);
        LoadedClasses loaded = new LoadedClasses(weaving);
        List<Class<?>> types = new ArrayList<>();
        version.classNames().forEach(name -> types.addAll(loaded.named(name)));
        for (ClassId id : weaving.definitions().since(Arrivals.PATIENCE_NANOS, version::names)) {
            if (loaded.named(id.name()).stream().noneMatch(type -> ClassId.of(type).equals(id))) {
                version.arrives(id, false);
            }
        }
        Map<Class<?>, byte[]> files = weaving.classFiles(types);
        List<Diagnostic> errors = Compilations.resolve(version, types, files, loaded, weaving, remarks);
        if (!errors.isEmpty()) {
            throw new Misfit(errors);
        }
        PolledCode.Found unpolled = null;
        if (!version.scopes().isEmpty()) {
            watchStandstills();
            unpolled = code.polled().bring(version, new LoadedClasses(weaving), Set.copyOf(types));
            unpolled.types().stream().filter(type -> !types.contains(type)).forEach(types::add);
            files.putAll(weaving.classFiles(types));
        }
        for (Class<?> type : types) {
            prepare(version, type, files.get(type));
        }
        if (unpolled != null) {
            code.polled().claim(version, unpolled, files);
        }
        for (String name : version.compiled.plan().classes()) {
            if (loaded.isLoaded(name) && loaded.named(name).stream().noneMatch(type -> version.serves(ClassId.of(type)))) {
                throw new Refused("class " + name.replace('/', '.') + " is loaded, and no copy of it has the filter's regions", null);
            }
        }
        version.engage();
        WovenCode.Plan plan = code.plan(types, version::turned);
        code.apply(plan, files);

        // from here on it is in force
        filter.replaced = replaces ? filter.version : null;
        filter.before = replaces
                ? new InstalledFilter.Before(
                        filter.state, filter.evacuation, filter.waitingFor, filter.enabledSince, filter.accepted)
                : null;
        describe(filter, version, remarks);
        filter.enabledSince = System.currentTimeMillis();
        filter.accepted = "";
        filter.cause = "";
        filter.harmful = false;
        filter.waitingFor = missing(version, loaded);
        filter.reportedStragglers.clear();
        filter.deadlocks = List.of();
        filter.reportedProgress = -1;
        filter.evacuatingSinceNanos = System.nanoTime();
        filter.departure = null;
        evacuate(filter, plan);
        enter(filter, filter.waitingFor.isEmpty() ? FilterState.EVACUATING : FilterState.WAITING_FOR_CLASS, "installed");
        advance(filter);
        ticker.wake();
        return filter.status();
    }

    private void watchStandstills() {
        if (standstills == null) {
            standstills = StandstillWatch.start(weaving.polls(), code.instrumentation());
        }
    }

    /** Makes a class ready to be woven, if the version has something for it. */
    private void prepare(Version version, Class<?> type, byte @Nullable [] classFile) {
        ClassId id = ClassId.of(type);
        if (!version.serves(id)) {
            return;
        }
        if (classFile == null) {
            throw new Refused("the JVM does not give out the class file of " + type.getName() + ", so nobody can tell where its"
                    + " frames stand", null);
        }
        version.touch(type);
        code.analyse(version, id, type, classFile);
    }

    private static void describe(InstalledFilter filter, Version version, List<Diagnostic> remarks) {
        filter.version = version;
        filter.text = version.text;
        filter.digest = version.compiled.digest();
        filter.observe = version.options.observe();
        filter.diagnostics = remarks;
    }

    private static Set<String> missing(Version version, LoadedClasses loaded) {
        Set<String> missing = new TreeSet<>(version.compiled.plan().waitingFor());
        missing.addAll(version.compiled.plan().classes());
        missing.removeIf(loaded::isLoaded);
        return Set.copyOf(missing);
    }

    /** The first look after a change of code. */
    private void evacuate(InstalledFilter filter, WovenCode.Plan plan) {
        Version version = filter.version;
        Evacuation evacuation = new Evacuation(code.stacks(), code.ancient(), Evacuation.Scope.UNSAFE);
        List<WatchedMethod> watched = new ArrayList<>();
        version.touched().forEach(type -> watched.addAll(version.watched(ClassId.of(type))));
        filter.failuresSeen = version.failures();
        filter.unprotected = List.of();
        evacuation.begin(watched, (position, method) -> false);
        code.noteUnhooked(plan, evacuation.census());
        filter.evacuation = evacuation;
        tellUnpolled();
        filter.shells = evacuation.shells();
    }

    /** Tells the watch which frames run code without polls. */
    private void tellUnpolled() {
        if (standstills == null) {
            return;
        }
        Map<Position, Evacuation.Unpolled> all = new HashMap<>();
        for (InstalledFilter filter : filters.all()) {
            if (filter.evacuation == null || filter.state.isEnd()) {
                continue;
            }
            if (filter.before != null) {
                // the version before is in force until this one is
                all.putAll(filter.before.evacuation().unpolled());
            }
            all.putAll(filter.evacuation.unpolled());
        }
        standstills.unpolled(all);
    }

    private static <T> List<T> plus(List<T> list, T more) {
        List<T> longer = new ArrayList<>(list);
        longer.add(more);
        return longer;
    }

    // ---- steps -------------------------------------------------------------------------------------------------------------

    /** Takes everything one step further; returns whether there will be more to do. */
    boolean step() {
        boolean busy = false;
        for (InstalledFilter filter : filters.all()) {
            try {
                busy |= advance(filter);
            } catch (Refused | CannotWeave e) {
                fail(filter, String.valueOf(e.getMessage()));
                busy = true;
            } catch (RuntimeException | LinkageError | StackOverflowError | OutOfMemoryError e) {
                weaving.statistics().fault();
                AgentLog.error("filter '" + filter.name + "' could not be advanced", e);
                busy = true;
            }
        }
        for (Departure departure : List.copyOf(departures)) {
            departure.advance();
            follow(departure);
            if (departure.isOver()) {
                departures.remove(departure);
            }
        }
        return busy || !departures.isEmpty();
    }

    private boolean advance(InstalledFilter filter) {
        return switch (filter.state) {
            case EVACUATING, ACCEPTED, WAITING_FOR_CLASS -> lookAfter(filter);
            case ACTIVE, OBSERVING -> welcome(filter);
            default -> false;
        };
    }

    private boolean lookAfter(InstalledFilter filter) {
        Version version = filter.version;
        Evacuation evacuation = filter.evacuation;
        boolean expecting = welcome(filter);
        if (filter.version != version || !filter.isEvacuating()) {
            return true;
        }
        if (filter.waitingFor.isEmpty() && filter.state == FilterState.WAITING_FOR_CLASS) {
            enter(filter, FilterState.EVACUATING, "all classes are loaded");
        }
        distrustWhatHasNoRoom();
        distrustWhatFailed(filter);
        evacuation.look();
        DeadlockedFrames.look(filter, announcements);
        // in this order: a frame that is under way is not yet known as unprotected, nor counted as failed
        boolean clear = !expecting && evacuation.isClear() && version.underWay() == 0 && version.unprotected().isEmpty()
                && version.failures().equals(filter.failuresSeen) && Transfer.withoutRoom() == withoutRoomSeen;
        filter.unprotected = UnprotectedFrames.of(version, code.stacks());
        announcements.progress(filter, STRAGGLER_MILLIS);
        if (clear && filter.waitingFor.isEmpty()) {
            Version old = filter.replaced;
            if (old != null) {
                old.disengage(version);
                filter.replaced = null;
                filter.before = null;
                depart(List.of(old), version);
                filters.hooks(filter.name).trim(version.hooks().keySet());
            }
            version.relax();
            enter(filter, inForce(filter), "no frame is left that could break it");
            return !departures.isEmpty();
        }
        if (!clear && version.options.reverseAfter() != null && filter.state == FilterState.EVACUATING
                && System.nanoTime() - filter.evacuatingSinceNanos > version.options.reverseAfter().toNanos()) {
            filter.cause = "taken back by policy: stragglers were left after " + version.options.reverseAfter().toSeconds() + " s";
            AgentLog.warn("filter '" + filter.name + "' is " + filter.cause);
            reverse(filter);
        }
        return true;
    }

    private static FilterState inForce(InstalledFilter filter) {
        return filter.observe ? FilterState.OBSERVING : FilterState.ACTIVE;
    }

    /** Looks whether classes of interest have come; returns whether some are still being defined. */
    private boolean welcome(InstalledFilter filter) {
        Version version = filter.version;
        Version old = filter.replaced;
        if (old != null) {
            arrivals.settle(old, (type, isWoven) -> prepare(old, type, weaving.classFiles(List.of(type)).get(type)));
        }
        boolean expecting = welcomeUnpolled(filter, version);
        return expecting | arrivals.settle(version, (type, isWoven) -> {
            if (filter.version == version && filter.isInForce()) {
                receive(filter, version, type);
            }
        });
    }

    /** Gives classes of a scope their polls that were being defined when the filter came; returns whether some are expected. */
    private boolean welcomeUnpolled(InstalledFilter filter, Version version) {
        boolean[] expecting = new boolean[1];
        PolledCode.Found found = code.polled().welcome(version, expecting);
        if (!found.types().isEmpty()) {
            List<Class<?>> types = new ArrayList<>(found.types());
            Map<Class<?>, byte[]> files = weaving.classFiles(types);
            code.polled().claim(version, found, files);
            WovenCode.Plan plan = code.plan(types);
            code.apply(plan, files);
            for (Class<?> type : types) {
                filter.evacuation.begin(version.watched(ClassId.of(type)), (position, method) -> false);
            }
            tellUnpolled();
            demoteUnlessClear(filter, "classes of its scope came while it was installed");
        }
        return expecting[0];
    }

    private void receive(InstalledFilter filter, Version version, Class<?> type) {
        ClassId id = ClassId.of(type);
        Set<String> waiting = new TreeSet<>(filter.waitingFor);
        if (waiting.remove(id.name())) {
            filter.waitingFor = Set.copyOf(waiting);
        }
        List<Class<?>> types = List.of(type);
        Map<Class<?>, byte[]> files = version.serves(id) || !version.knows(id) ? weaving.classFiles(types) : new HashMap<>();
        if (!version.knows(id)) {
            // it passed the transformer before this version was published
            List<Diagnostic> remarks = new ArrayList<>();
            List<Diagnostic> errors = Compilations.resolve(version, types, files, new LoadedClasses(weaving), weaving, remarks);
            if (!errors.isEmpty()) {
                misfit(version, id, errors, "class " + id.dotted() + " was loaded and does not fit the filter");
                return;
            }
        }
        prepare(version, type, files.get(type));
        WovenCode.Plan plan = code.plan(types);
        if (version.serves(id) && !plan.isEmpty()) {
            code.apply(plan, files);
            filter.evacuation.begin(version.watched(id), (position, method) -> false);
            code.noteUnhooked(plan, filter.evacuation.census());
            demoteUnlessClear(filter, "class " + id.dotted() + " came while the filter was installed");
        }
    }

    // ---- frames that cannot move -------------------------------------------------------------------------------------------

    /** Frames of any method that found no stack to move with. */
    private void distrustWhatHasNoRoom() {
        if (Transfer.withoutRoom() == withoutRoomSeen) {
            return;
        }
        int since = withoutRoomSeen;
        withoutRoomSeen = Transfer.withoutRoom();
        Thread[] threads = Transfer.takeWithoutRoom(since);
        Set<Long> ids = new TreeSet<>();
        if (threads != null) {
            Arrays.stream(threads).filter(Objects::nonNull).forEach(thread -> ids.add(Threads.number(thread)));
        }
        for (InstalledFilter filter : filters.all()) {
            if (filter.isInForce()) {
                filter.evacuation.distrust((position, method) -> threads == null || ids.contains(position.thread()));
            }
        }
    }

    private void distrustWhatFailed(InstalledFilter filter) {
        Map<String, Long> seen = filter.failuresSeen;
        Map<String, Long> now = filter.version.failures();
        if (!now.equals(seen)) {
            filter.failuresSeen = now;
            filter.evacuation.distrust((position, method) -> {
                String shown = WatchedMethod.shown(method.type(), method.key());
                return !now.getOrDefault(shown, 0L).equals(seen.getOrDefault(shown, 0L));
            });
        }
    }

    /** Looks after filters that are ACTIVE: what made them so must still hold. */
    void watch() {
        distrustWhatHasNoRoom();
        for (InstalledFilter filter : filters.all()) {
            if (filter.isInForce()) {
                announcements.timeouts(filter);
            }
            if (filter.state == FilterState.ACTIVE || filter.state == FilterState.OBSERVING) {
                distrustWhatFailed(filter);
                DeadlockedFrames.look(filter, announcements);
                filter.evacuation.look();
                demoteUnlessClear(filter, "a frame could not be moved");
                if (!filter.version.scopes().isEmpty()) {
                    filter.evacuation.lookAtUnpolled();
                    demoteUnlessClear(filter, "a frame goes on in code without polls");
                }
            }
        }
    }

    private void demoteUnlessClear(InstalledFilter filter, String why) {
        boolean isActive = filter.state == FilterState.ACTIVE || filter.state == FilterState.OBSERVING;
        if (isActive && (!filter.evacuation.isClear() || !filter.version.unprotected().isEmpty())) {
            filter.evacuatingSinceNanos = System.nanoTime();
            filter.reportedProgress = -1;
            enter(filter, FilterState.EVACUATING, why);
            ticker.wake();
        }
    }

    // ---- removal -----------------------------------------------------------------------------------------------------------

    /** Whether a frame could be inside a region of a lock, in whatever version; asked by the guard's thread. */
    boolean mayHold(ConstraintLock lock, StackTraceElement frame) {
        return filters.mayHold(lock, frame);
    }

    /** The guard had to let a wait of a filter go on without its lock. */
    void broken(BrokenWait broken) {
        for (InstalledFilter filter : filters.all()) {
            Version version = filter.version;
            Version old = filter.replaced;
            boolean isItsHook = version != null && version.hooks().containsValue(broken.hook())
                    || old != null && old.hooks().containsValue(broken.hook());
            if (!isItsHook || !filter.isInForce()) {
                continue;
            }
            filter.harmful = true;
            announcements.broken(filter, broken);
            if (version.options.removeWhenHarmful()) {
                filter.cause = "removed by policy: " + broken.reason();
                startRemoval(filter);
            }
        }
    }

    FilterStatus remove(String name) {
        InstalledFilter filter = filters.existing(name);
        startRemoval(filter);
        return filter.status();
    }

    List<FilterStatus> removeAll() {
        List<FilterStatus> result = new ArrayList<>();
        for (InstalledFilter filter : filters.all()) {
            if (!filter.state.isEnd()) {
                startRemoval(filter);
                result.add(filter.status());
            }
        }
        return result;
    }

    private void startRemoval(InstalledFilter filter) {
        if (filter.state.isEnd() || filter.state == FilterState.REMOVING) {
            return;
        }
        leave(filter);
        enter(filter, FilterState.REMOVING, "");
        filter.departure.advance();
        follow(filter.departure);
        ticker.wake();
    }

    /** Lets all hooks of a filter pass, and its versions go. */
    private void leave(InstalledFilter filter) {
        List<Version> all = new ArrayList<>();
        all.add(filter.version);
        if (filter.replaced != null) {
            all.add(filter.replaced);
            filter.replaced = null;
        }
        all.forEach(version -> version.disengage(null));
        filter.departure = depart(all, null);
    }

    private Departure depart(List<Version> versions, @Nullable Version kept) {
        Departure departure = new Departure(code, versions, kept, arrivals);
        departures.add(departure);
        return departure;
    }

    /** Takes over what became of a departure. */
    private void follow(Departure departure) {
        for (InstalledFilter filter : filters.all()) {
            if (filter.departure != departure) {
                continue;
            }
            filter.shells = departure.shells();
            boolean isLate = System.nanoTime() - filter.stateNanos > DEPARTURE_MILLIS * 1_000_000;
            if (departure.isOver()) {
                filter.departure = null;
            }
            if (filter.state == FilterState.REMOVING && (departure.isOver() || isLate)) {
                // frames that do not move stand in code whose hooks pass; the bytes go back when they have left
                int left = departure.suspects().size();
                enter(filter, FilterState.REMOVED, departure.isOver() ? "" : left + " frames have not returned yet");
                tellUnpolled();
            }
        }
    }

    private void fail(InstalledFilter filter, String cause) {
        filter.cause = cause;
        AgentLog.warn("filter '" + filter.name + "' failed: " + cause);
        if (filter.replaced != null) {
            reverse(filter);
            return;
        }
        leave(filter);
        enter(filter, FilterState.FAILED, cause);
        ticker.wake();
    }

    FilterStatus cancel(String name) {
        InstalledFilter filter = filters.existing(name);
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
        String cause = filter.cause;
        failed.disengage(old);
        old.relax();
        filter.replaced = null;
        describe(filter, old, old.compiled.diagnostics());
        depart(List.of(failed), old);
        // its hooks never left the code, so what was true of it is true
        InstalledFilter.Before before = filter.before;
        filter.before = null;
        filter.evacuation = before.evacuation();
        filter.waitingFor = before.waitingFor();
        filter.enabledSince = before.enabledSince();
        filter.accepted = before.accepted();
        filter.failuresSeen = Map.of();
        filter.evacuatingSinceNanos = System.nanoTime();
        tellUnpolled();
        enter(filter, before.state(), cause + "; back to the version before");
        advance(filter);
        ticker.wake();
    }

    FilterStatus accept(String name, String why) {
        InstalledFilter filter = filters.existing(name);
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
        Version version = filters.existing(name).version;
        if (version != null) {
            version.hooks().values().forEach(RegionHook::resetCounts);
        }
    }

    private void enter(InstalledFilter filter, FilterState state, String why) {
        if (filter.state != state) {
            filter.state = state;
            filter.stateNanos = System.nanoTime();
            announcements.state(filter, why);
        }
    }

    /** Ends all moves of frames, so that classes can be taken back as they are; returns false if some are still under way. */
    boolean stop() {
        boolean quiet = true;
        for (Departure departure : departures) {
            quiet &= departure.giveUp();
        }
        for (Version version : code.versions()) {
            version.disengage(null);
            quiet &= WovenCode.stopMoves(version);
        }
        return quiet;
    }

    /** Ends what looks after standstills; all hooks pass by now. */
    void close() {
        if (standstills != null) {
            standstills.close();
        }
    }

    // ---- classes that come later -------------------------------------------------------------------------------------------

    /** A class came, or was redefined, that does not fit its filter. */
    private void misfit(Version version, ClassId id, Collection<Diagnostic> diagnostics, String why) {
        InstalledFilter filter = filters.get(version.filter);
        if (filter == null || filter.version != version || !filter.isInForce()) {
            return;
        }
        boolean isServed = version.touched().stream()
                .anyMatch(type -> !ClassId.of(type).equals(id) && type.getName().equals(id.dotted()) && version.serves(ClassId.of(type)));
        List<Diagnostic> all = new ArrayList<>(filter.diagnostics);
        diagnostics.forEach(d -> all.add(isServed ? Compilations.elsewhere(d) : d));
        filter.diagnostics = all;
        if (isServed && !diagnostics.isEmpty()) {
            AgentLog.warn("filter '" + filter.name + "': " + why + " in one of its class loaders");
        } else {
            fail(filter, why);
        }
    }

    private final class Late implements LateWeaving.Listener {

        @Override
        public void passed() {
            ticker.later(ticker::wake);
        }

        @Override
        public void misfit(Version version, ClassId id, List<Diagnostic> diagnostics, String why) {
            ticker.later(() -> Installer.this.misfit(version, id, diagnostics, why));
        }

        @Override
        public void redefined(Version version, ClassId id) {
            ticker.later(() -> {
                InstalledFilter filter = filters.get(version.filter);
                if (filter != null && filter.version == version && filter.isInForce()) {
                    filter.evacuation.begin(version.watched(id), (position, method) -> false);
                    demoteUnlessClear(filter, "class " + id.dotted() + " was redefined by somebody else");
                }
            });
        }
    }
}
