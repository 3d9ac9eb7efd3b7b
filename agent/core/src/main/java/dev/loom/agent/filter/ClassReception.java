package dev.loom.agent.filter;

import dev.loom.agent.code.ClassArrivals;
import dev.loom.agent.code.Compilations;
import dev.loom.agent.code.FilterVersion;
import dev.loom.agent.code.LateWeaving;
import dev.loom.agent.code.LoadedClasses;
import dev.loom.agent.code.PolledCode;
import dev.loom.agent.code.WovenCode;
import dev.loom.agent.support.AgentLog;
import dev.loom.agent.transform.ClassId;
import dev.loom.agent.transform.Weaving;
import dev.loom.filter.diagnostic.Diagnostic;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Receives classes that come, or get other code, while a filter is in force. The manager's thread only, but for what it listens to. */
final class ClassReception implements LateWeaving.Listener {

    private final Weaving weaving;
    private final WovenCode code;
    private final ClassArrivals arrivals;
    private final Filters filters;
    private final VersionWeaving versions;
    private final FilterStates states;
    private final Standstills standstills;
    private final Ticker ticker;
    private final BiConsumer<InstalledFilter, String> failure;

    /** @param failure what to do with a filter that a class does not fit, and why it does not */
    ClassReception(
            WovenCode code, ClassArrivals arrivals, Filters filters, VersionWeaving versions, FilterStates states,
            Standstills standstills, Ticker ticker, BiConsumer<InstalledFilter, String> failure) {
        this.weaving = code.weaving();
        this.code = code;
        this.arrivals = arrivals;
        this.filters = filters;
        this.versions = versions;
        this.states = states;
        this.standstills = standstills;
        this.ticker = ticker;
        this.failure = failure;
    }

    /** Looks whether classes of interest have come; returns whether some are still being defined. */
    boolean welcome(InstalledFilter filter) {
        FilterVersion version = filter.version;
        FilterVersion old = filter.replaced;
        if (old != null) {
            arrivals.settle(old, (type, isWoven) -> versions.prepare(old, type, weaving.classFiles(List.of(type)).get(type)));
        }
        boolean expecting = welcomeUnpolled(filter, version);
        return expecting | arrivals.settle(version, (type, isWoven) -> {
            if (filter.version == version && filter.isInForce()) {
                receive(filter, version, type);
            }
        });
    }

    /** Gives classes of a scope their polls that were being defined when the filter came; returns whether some are expected. */
    private boolean welcomeUnpolled(InstalledFilter filter, FilterVersion version) {
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
            standstills.tellUnpolled();
            states.demoteUnlessClear(filter, "classes of its scope came while it was installed");
        }
        return expecting[0];
    }

    private void receive(InstalledFilter filter, FilterVersion version, Class<?> type) {
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
                misfits(version, id, errors, "class " + id.dotted() + " was loaded and does not fit the filter");
                return;
            }
        }
        versions.prepare(version, type, files.get(type));
        WovenCode.Plan plan = code.plan(types);
        if (version.serves(id) && !plan.isEmpty()) {
            code.apply(plan, files);
            filter.evacuation.begin(version.watched(id), (position, method) -> false);
            code.noteUnhooked(plan, filter.evacuation.census());
            states.demoteUnlessClear(filter, "class " + id.dotted() + " came while the filter was installed");
        }
    }

    /** A class came, or was redefined, that does not fit its filter. */
    private void misfits(FilterVersion version, ClassId id, Collection<Diagnostic> diagnostics, String why) {
        InstalledFilter filter = inForce(version);
        if (filter == null) {
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
            failure.accept(filter, why);
        }
    }

    /** The filter whose version in force this is; null for none. */
    private @Nullable InstalledFilter inForce(FilterVersion version) {
        InstalledFilter filter = filters.get(version.filter);
        return filter != null && filter.version == version && filter.isInForce() ? filter : null;
    }

    // ---- from threads that load classes ------------------------------------------------------------------------------------

    @Override
    public void passed() {
        ticker.later(ticker::wake);
    }

    @Override
    public void misfit(FilterVersion version, ClassId id, List<Diagnostic> diagnostics, String why) {
        ticker.later(() -> misfits(version, id, diagnostics, why));
    }

    @Override
    public void redefined(FilterVersion version, ClassId id) {
        ticker.later(() -> {
            InstalledFilter filter = inForce(version);
            if (filter != null) {
                filter.evacuation.begin(version.watched(id), (position, method) -> false);
                states.demoteUnlessClear(filter, "class " + id.dotted() + " was redefined by somebody else");
            }
        });
    }
}
