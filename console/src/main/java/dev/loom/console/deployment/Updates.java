package dev.loom.console.deployment;

import dev.loom.console.contract.LoomProblem;
import dev.loom.console.contract.ProblemCode;
import dev.loom.console.filter.FilterService;
import dev.loom.console.filter.FilterView;
import dev.loom.console.target.TargetService;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/** Replaces a filter by another version of it wherever it is enabled: in the same JVMs, in the same mode, with the same policies. */
@Service
public class Updates {

    private final DeploymentRepository repository;
    private final DeploymentService deployments;
    private final DeploymentTargets deploymentTargets;
    private final FilterService filters;
    private final TargetService targets;
    private final Rollouts rollouts;

    Updates(
            DeploymentRepository repository, DeploymentService deployments, DeploymentTargets deploymentTargets, FilterService filters, TargetService targets,
            Rollouts rollouts) {
        this.repository = repository;
        this.deployments = deployments;
        this.deploymentTargets = deploymentTargets;
        this.filters = filters;
        this.targets = targets;
        this.rollouts = rollouts;
    }

    /**
     * What came of it.
     *
     * @param updated new deployments, each in the place of an older one
     * @param left deployments that stay as they are, and why
     */
    public record Result(String filter, int version, List<Updated> updated, List<Left> left) {}

    /** A deployment of the wanted version, in the place of an older one. */
    public record Updated(long deployment, long replaces) {}

    /** A deployment that stays as it is. */
    public record Left(long deployment, int version, String code, String why) {}

    /**
     * Updates all deployments of a filter that have another version. Where one cannot be, the others still are.
     *
     * @param version null for the current one
     * @param strategy the steps in which each comes to its JVMs; null for all at once
     * @throws LoomProblem if there is nothing to update, or it is outside the scope of whoever is at work
     */
    public Result update(String name, @Nullable Integer version, @Nullable Map<String, ?> strategy) {
        FilterView filter = version == null ? filters.get(name) : filters.version(name, version);
        List<Deployment> open = repository.page(name, false, 0, 500).stream()
                .filter(d -> d.version() != filter.version() && d.intent().isWanted())
                .toList();
        if (open.isEmpty()) {
            throw new LoomProblem(
                    ProblemCode.DEPLOYMENT_STATE, "No deployment has another version of " + name + " enabled than " + filter.version() + ".",
                    "Enable it in JVMs to begin with.");
        }
        open.forEach(d -> deploymentTargets.requireInScope(d.id()));
        Map<Long, List<Assignment>> rows = repository.of(open.stream().map(Deployment::id).toList()).stream()
                .collect(Collectors.groupingBy(Assignment::deployment));
        List<Updated> updated = new ArrayList<>();
        List<Left> left = new ArrayList<>();
        for (Deployment old : open.stream().sorted(java.util.Comparator.comparingLong(Deployment::id)).toList()) {
            try {
                updated.add(new Updated(update(old, filter.version(), rows.getOrDefault(old.id(), List.of()), strategy), old.id()));
            } catch (LoomProblem problem) {
                left.add(new Left(old.id(), old.version(), problem.code().code(), problem.detail()));
            }
        }
        return new Result(name, filter.version(), updated, left);
    }

    private long update(Deployment old, int version, List<Assignment> rows, @Nullable Map<String, ?> strategy) {
        RolloutView steps = rollouts.of(old.id());
        if (steps != null && steps.state().equals("RUNNING")) {
            throw new LoomProblem(ProblemCode.DEPLOYMENT_STATE, "Its roll-out is under way.", "Wait for its last step, or abort it.");
        }
        if (old.intent() == Intent.PAUSED) {
            throw new LoomProblem(ProblemCode.DEPLOYMENT_STATE, "It is paused.", "Resume or disable it.");
        }
        Set<Long> listed = targets.stored(rows.stream().map(Assignment::target).toList()).keySet();
        List<Long> jvms = rows.stream().filter(a -> a.phase() != Phase.ENDED && listed.contains(a.target())).map(Assignment::target).toList();
        boolean byLabel = old.selector() != null;
        NewDeployment wanted = new NewDeployment(
                old.filter(), version, old.mode().text(), byLabel ? null : jvms, old.selector(), old.policies().onStraggler(), old.policies().onHarmful(),
                old.policies().onDeadlocked(), true);
        return strategy == null || strategy.isEmpty() ? deployments.create(wanted).id() : rollouts.start(wanted, strategy);
    }
}
