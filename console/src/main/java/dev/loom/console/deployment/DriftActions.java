package dev.loom.console.deployment;

import dev.loom.client.FilterStatus;
import dev.loom.console.audit.Actor;
import dev.loom.console.audit.EventLog;
import dev.loom.console.audit.Subject;
import dev.loom.console.contract.LoomProblem;
import dev.loom.console.contract.ProblemCode;
import dev.loom.console.filter.FilterService;
import dev.loom.console.filter.FilterView;
import dev.loom.console.target.TargetMonitor;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.springframework.stereotype.Service;

/**
 * What an operator does about {@link Drift}: adopts what is there, so that it is what is wanted; removes what nobody wants; or has what is wanted
 * applied again.
 */
@Service
public class DriftActions {

    private static final Duration DEADLINE = Duration.ofSeconds(10);

    private final Drifts drifts;
    private final DeploymentStore store;
    private final DeploymentService deployments;
    private final FilterService filters;
    private final TargetMonitor monitor;
    private final EventLog events;

    DriftActions(
            Drifts drifts, DeploymentStore store, DeploymentService deployments, FilterService filters, TargetMonitor monitor, EventLog events) {
        this.drifts = drifts;
        this.store = store;
        this.deployments = deployments;
        this.filters = filters;
        this.monitor = monitor;
        this.events = events;
    }

    /**
     * Makes what is there what is wanted, without touching the JVM: a deployment of a text or mode, which takes the place of the one that wanted
     * another; or, of a filter that was removed, nothing. A text that the console does not have is stored, as a new filter or a new version.
     */
    public DeploymentView adopt(long targetId, String filter) {
        Drifts.Found found = drifts.require(targetId, filter);
        return found.view().drift() == Drift.REMOVED ? letGo(found) : take(found.view());
    }

    private DeploymentView letGo(Drifts.Found found) {
        DriftView drift = found.view();
        Assignment before = Objects.requireNonNull(found.wish()).assignment();
        if (!store.change(before, before.with(Phase.ENDED, JvmState.REMOVED, "It was removed there, and " + Actor.current() + " let it go."), Phase.INSTALLED)) {
            throw changed(drift);
        }
        events.audit(
                "filter.let-go",
                new Subject(drift.target(), drift.filter(), drift.deployment()),
                "Let " + drift.filter() + " go in " + drift.targetName() + ", where it was removed.",
                Map.of("version", Objects.requireNonNull(drift.wantedVersion())));
        return deployments.get(before.deployment());
    }

    private DeploymentView take(DriftView drift) {
        String filter = drift.filter();
        FilterStatus status = monitor.call(drift.target(), DEADLINE, agent -> agent.filter(filter));
        if (status == null) {
            throw new LoomProblem(ProblemCode.FILTER_NOT_ON_TARGET, "Filter " + filter + " has just left " + drift.targetName() + ".", "");
        }
        String text = status.text().isEmpty() ? monitor.call(drift.target(), DEADLINE, agent -> agent.text(filter)) : status.text();
        int version = filters.versionWith(filter, status.digest()).orElseGet(() -> stored(filter, text, drift.targetName()).version());
        DeploymentView adopted = deployments.create(
                new NewDeployment(filter, version, status.mode(), java.util.List.of(drift.target()), null, null, null, null, false));
        events.audit(
                "filter.adopted",
                new Subject(drift.target(), filter, adopted.id()),
                "Adopted " + filter + " in " + drift.targetName() + " as version " + version + " (" + status.mode() + ").",
                Map.of("digest", status.digest(), "version", version, "drift", drift.drift()));
        return adopted;
    }

    private FilterView stored(String filter, String text, String jvm) {
        if (text.isBlank()) {
            throw new LoomProblem(
                    ProblemCode.AGENT_REFUSED, "The agent of " + jvm + " does not tell the text of " + filter + ".", "Store it, then adopt again.");
        }
        String note = "Adopted from " + jvm;
        try {
            FilterView current = filters.get(filter);
            return filters.update(filter, current.version(), text, note);
        } catch (LoomProblem problem) {
            if (problem.code() != ProblemCode.FILTER_NOT_FOUND) {
                throw problem;
            }
            return filters.create(filter, text, note);
        }
    }

    /** Has what its deployment wants installed again. */
    public DeploymentView reapply(long targetId, String filter) {
        Drifts.Found found = drifts.require(targetId, filter);
        DriftView drift = found.view();
        if (found.wish() == null) {
            throw new LoomProblem(
                    ProblemCode.DEPLOYMENT_STATE, "No deployment wants " + filter + " in " + drift.targetName() + ": there is nothing to apply again.",
                    "Adopt it, or remove it.");
        }
        Assignment before = found.wish().assignment();
        if (!store.change(before, before.with(Phase.WAITING, JvmState.PENDING, ""), Phase.INSTALLED)) {
            throw changed(drift);
        }
        events.audit(
                "filter.reapplied",
                new Subject(targetId, filter, drift.deployment()),
                "Applied version " + drift.wantedVersion() + " of " + filter + " (" + drift.wantedMode() + ") in " + drift.targetName() + " again.",
                Map.of("drift", drift.drift(), "digest", drift.digest(), "mode", drift.mode()));
        monitor.wake(targetId);
        return deployments.get(before.deployment());
    }

    /** Takes a filter out of the JVM that no deployment wants there. */
    public void remove(long targetId, String filter) {
        Drifts.Found found = drifts.require(targetId, filter);
        DriftView drift = found.view();
        if (found.wish() != null) {
            throw new LoomProblem(
                    ProblemCode.DEPLOYMENT_STATE, "Filter " + filter + " in " + drift.targetName() + " belongs to deployment " + drift.deployment() + ".",
                    "Disable that deployment to take it out, or apply it again.");
        }
        monitor.call(targetId, DEADLINE, agent -> agent.remove(filter));
        events.audit(
                "filter.orphan-removed",
                new Subject(targetId, filter, null),
                "Removed " + filter + " from " + drift.targetName() + ", which no deployment wanted there.",
                Map.of("digest", drift.digest(), "state", drift.state()));
    }

    private static LoomProblem changed(DriftView drift) {
        return new LoomProblem(
                ProblemCode.DEPLOYMENT_STATE, drift.filter() + " in " + drift.targetName() + " has changed this moment.", "Look again.");
    }
}
