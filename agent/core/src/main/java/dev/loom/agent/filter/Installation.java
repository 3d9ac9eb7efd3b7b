package dev.loom.agent.filter;

import dev.loom.agent.code.Compilations;
import dev.loom.agent.code.FilterVersion;
import dev.loom.agent.code.LoadedClasses;
import dev.loom.agent.code.WovenCode;
import dev.loom.agent.control.FilterState;
import dev.loom.agent.control.FilterStatus;
import dev.loom.agent.control.InstallOptions;
import dev.loom.agent.support.AgentLog;
import dev.loom.agent.transform.Refused;
import dev.loom.agent.transform.Weaving;
import dev.loom.filter.CompileResult;
import dev.loom.filter.diagnostic.Diagnostic;
import dev.loom.filter.diagnostic.Diagnostics;
import dev.loom.filter.diagnostic.Span;
import dev.loom.filter.syntax.FilterParser;
import dev.loom.filter.weave.body.CannotWeave;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** From the text of a filter to a version of it in force, or to what stands in its way. The manager's thread only. */
final class Installation {

    private final Weaving weaving;
    private final WovenCode code;
    private final Filters filters;
    private final VersionWeaving versions;
    private final Departures departures;
    private final FilterStates states;
    private final Announcements announcements;

    Installation(
            WovenCode code, Filters filters, VersionWeaving versions, Departures departures, FilterStates states,
            Announcements announcements) {
        this.weaving = code.weaving();
        this.code = code;
        this.filters = filters;
        this.versions = versions;
        this.departures = departures;
        this.states = states;
        this.announcements = announcements;
    }

    /** What came of an install. */
    sealed interface Outcome {
        /** The filter is in force; its frames have been looked at once. */
        record InForce(InstalledFilter filter) implements Outcome {}

        /** It is not, and the JVM is as it was. */
        record Ended(FilterStatus status) implements Outcome {}
    }

    Outcome install(String wanted, String text, InstallOptions options) {
        Diagnostics naming = new Diagnostics("filter.loom");
        if (!wanted.isEmpty()) {
            FilterParser.checkFilterName(wanted, Span.START, naming);
        }
        if (naming.hasErrors()) {
            InstalledFilter unnamed = new InstalledFilter(wanted);
            unnamed.diagnostics = naming.sorted();
            return new Outcome.Ended(unnamed.statusAs(FilterState.REJECTED));
        }
        CompileResult result = Compilations.best(wanted, text, new LoadedClasses(weaving), weaving);
        String name = wanted.isEmpty() ? result.name() : wanted;
        InstalledFilter present = filters.get(name);
        InstalledFilter before = present == null || present.state.isEnd() ? null : present;
        if (before != null) {
            Replacement.refuseUnfinished(before);
        }
        if (!(result instanceof CompileResult.Compiled compiled)) {
            return ended(name, text, options, FilterState.REJECTED, result.diagnostics(), "", before);
        }
        FilterVersion version = new FilterVersion(name, text, compiled, options, filters.hooks(name));
        InstalledFilter filter = before;
        if (filter == null) {
            filter = new InstalledFilter(name);
            Replacement.describe(filter, version, compiled.diagnostics());
            filters.put(filter);
            announcements.state(filter, "");
        }
        List<Diagnostic> remarks = new ArrayList<>(compiled.diagnostics());
        try {
            enforce(filter, version, versions.weave(version, remarks), remarks, before != null);
            return new Outcome.InForce(filter);
        } catch (VersionWeaving.Misfit e) {
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

    /** The version is woven: it is what the filter is from here on. */
    private void enforce(
            InstalledFilter filter, FilterVersion version, VersionWeaving.Woven woven, List<Diagnostic> remarks, boolean replaces) {
        if (replaces) {
            Replacement.begin(filter);
        } else {
            filter.replaced = null;
            filter.before = null;
        }
        Replacement.describe(filter, version, remarks);
        filter.enabledSince = System.currentTimeMillis();
        filter.accepted = "";
        filter.cause = "";
        filter.harmful = false;
        filter.waitingFor = woven.missing();
        filter.reportedStragglers.clear();
        filter.deadlocks = List.of();
        filter.reportedProgress = -1;
        filter.evacuatingSinceNanos = System.nanoTime();
        filter.departure = null;
        versions.look(filter, woven.plan());
        states.enter(filter, filter.waitingFor.isEmpty() ? FilterState.EVACUATING : FilterState.WAITING_FOR_CLASS, "installed");
    }

    /** A filter that never was in force, as its status; it takes its name only where no other has it. */
    private Outcome ended(
            String name, String text, InstallOptions options, FilterState state, List<Diagnostic> diagnostics, String cause,
            @Nullable InstalledFilter before) {
        InstalledFilter filter = new InstalledFilter(name);
        filter.text = text;
        filter.observe = options.observe();
        filter.diagnostics = diagnostics;
        filter.cause = cause;
        if (before != null) {
            return new Outcome.Ended(filter.statusAs(state));
        }
        filters.put(filter);
        states.enter(filter, state, cause);
        return new Outcome.Ended(filter.status());
    }

    private Outcome abandoned(
            FilterVersion version, @Nullable InstalledFilter before, FilterState state, List<Diagnostic> diagnostics, String cause) {
        FilterVersion stays = before == null ? null : before.version;
        version.disengage(stays);
        code.withdraw(version);
        if (stays != null) {
            stays.relax();
        }
        // a class that was defined meanwhile may have been given its hooks
        departures.begin(List.of(version), stays);
        return ended(version.filter, version.text, version.options, state, diagnostics, cause, before);
    }

    private static <T> List<T> plus(List<T> list, T more) {
        List<T> longer = new ArrayList<>(list);
        longer.add(more);
        return longer;
    }
}
