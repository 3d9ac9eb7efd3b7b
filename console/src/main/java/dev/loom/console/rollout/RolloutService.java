package dev.loom.console.rollout;

import dev.loom.console.audit.Actor;
import dev.loom.console.audit.EventLog;
import dev.loom.console.audit.Subject;
import dev.loom.console.contract.LoomProblem;
import dev.loom.console.contract.ProblemCode;
import dev.loom.console.deployment.DeploymentService;
import dev.loom.console.deployment.DeploymentTargets;
import dev.loom.console.deployment.DeploymentView;
import dev.loom.console.deployment.NewDeployment;
import dev.loom.console.deployment.RolloutView;
import dev.loom.console.deployment.Rollouts;
import dev.loom.console.scope.Selector;
import dev.loom.console.security.TokenService;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/** Begins roll-outs, approves their steps and tells how far they are. {@link RolloutDriver} takes the steps. */
@Service
public class RolloutService implements Rollouts {

    private static final String TOKEN = "token:";

    private final RolloutRepository repository;
    private final DeploymentService deployments;
    private final DeploymentTargets deploymentTargets;
    private final TokenService tokens;
    private final EventLog events;

    RolloutService(RolloutRepository repository, DeploymentService deployments, DeploymentTargets deploymentTargets, TokenService tokens, EventLog events) {
        this.repository = repository;
        this.deployments = deployments;
        this.deploymentTargets = deploymentTargets;
        this.tokens = tokens;
        this.events = events;
    }

    @Override
    public long start(NewDeployment wanted, Map<String, ?> given) {
        Strategy strategy = Strategy.parse(given);
        List<Long> all = deploymentTargets.targetsOf(wanted);
        boolean observes = "observe".equalsIgnoreCase(wanted.mode());
        if (!observes && strategy.steps().stream().anyMatch(Step.Enforce.class::isInstance)) {
            throw new LoomProblem(ProblemCode.BAD_OPTION, "A step goes to enforcing, but the roll-out does not begin by observing.", "Give mode observe.");
        }
        if (all.isEmpty()) {
            throw new LoomProblem(
                    ProblemCode.NO_TARGETS, "No JVM has these labels: " + wanted.selector() + ".", "A roll-out begins in JVMs that are there.");
        }
        boolean bySelector = wanted.selector() != null && !wanted.selector().isBlank();
        requireInScope(bySelector ? wanted.selector() : null, all);
        List<Long> first = all.subList(0, strategy.steps().get(0).jvmsOf(all.size()));
        NewDeployment begin = new NewDeployment(
                wanted.filter(), wanted.version(), wanted.mode(), first, null, wanted.onStraggler(), wanted.onHarmful(), wanted.onDeadlocked(), false);
        // in the transaction of the deployment: whoever kills the console leaves both or none
        return deployments.create(begin, id -> repository.insert(new Rollout(
                id, bySelector ? wanted.selector() : null, bySelector ? List.of() : all, repository.write(given), Rollout.State.RUNNING, 0,
                Rollout.StepState.RUNNING, 0, 0, "", null), strategy.until(), strategy.budget() != null)).id();
    }

    @Override
    public void requireInScope(long deployment) {
        repository.find(deployment).ifPresent(rollout -> requireInScope(rollout.selector(), rollout.targets()));
    }

    private void requireInScope(@Nullable String selector, List<Long> ids) {
        deploymentTargets.requireInScope(ids, selector == null ? null : Selector.parse(selector));
    }

    /** Approves the step that waits for it. Not for who ordered the deployment, nor for a token, which is nobody in particular. */
    public DeploymentView approve(long id) {
        deploymentTargets.requireInScope(id);
        DeploymentView deployment = deployments.get(id);
        Rollout rollout = repository.find(id).orElseThrow(() -> new LoomProblem(
                ProblemCode.DEPLOYMENT_STATE, "Deployment " + id + " has no steps: there is nothing to approve.", ""));
        String who = Actor.current();
        if (who.startsWith(TOKEN)) {
            throw new LoomProblem(ProblemCode.FORBIDDEN, "A person approves, by an account; a token is nobody in particular.", "Log in.");
        }
        String by = deployment.createdBy();
        boolean same = by.equals(who) || (by.startsWith(TOKEN) && tokens.creatorsOf(by.substring(TOKEN.length())).contains(who));
        if (same) {
            throw new LoomProblem(
                    ProblemCode.FORBIDDEN, "You ordered this deployment" + (by.equals(who) ? "" : ", by a token that you made") + ".",
                    "Another person has to approve it.");
        }
        if (rollout.state() != Rollout.State.RUNNING || rollout.stepState() != Rollout.StepState.APPROVAL) {
            throw new LoomProblem(ProblemCode.DEPLOYMENT_STATE, "No step of deployment " + id + " waits for an approval.", "");
        }
        if (repository.update(rollout, rollout.approved(who).next(repository.strategy(rollout).steps().size()))) {
            events.audit(
                    "deployment.approved", Subject.ofDeployment(id, deployment.filter()),
                    "Approved step " + (rollout.step() + 1) + " of deployment " + id + " of " + deployment.filter() + ".", Map.of("step", rollout.step() + 1));
        }
        return deployments.get(id);
    }

    @Override
    public @Nullable RolloutView of(long deployment) {
        Rollout rollout = repository.find(deployment).orElse(null);
        if (rollout == null) {
            return null;
        }
        Strategy strategy = repository.strategy(rollout);
        List<RolloutView.StepView> steps = new ArrayList<>();
        for (int i = 0; i < strategy.steps().size(); i++) {
            Step step = strategy.steps().get(i);
            Rollout.StepState state = i < rollout.step() ? Rollout.StepState.DONE : i == rollout.step() ? rollout.stepState() : Rollout.StepState.PENDING;
            steps.add(new RolloutView.StepView(step.text(), state.name(), i == rollout.step() ? detail(rollout, step) : ""));
        }
        List<String> guards = new ArrayList<>(strategy.guards().stream().map(RolloutService::text).toList());
        if (strategy.budget() != null) {
            guards.add("a budget of " + Guard.number(strategy.budget().percent()) + " % of overhead, above which it only observes");
        }
        Duration until = strategy.until();
        return new RolloutView(
                rollout.state().name(), rollout.reason(), total(rollout), steps, guards,
                until == null ? null : Times.text(until), until == null ? null : Long.valueOf(Math.max(0, until.toMillis() - rollout.runMillis())));
    }

    private int total(Rollout rollout) {
        return rollout.selector() == null ? rollout.targets().size() : deploymentTargets.targetsBy(rollout.selector()).size();
    }

    private static String detail(Rollout rollout, Step step) {
        return switch (rollout.stepState()) {
            case WAITING -> step instanceof Step.Wait wait
                    ? "another " + Times.text(Duration.ofSeconds(Math.max(0, wait.time().toMillis() - rollout.stepMillis()) / 1_000)) : "";
            case APPROVAL -> "a person other than who ordered it";
            default -> "";
        };
    }

    private static String text(Guard guard) {
        if (guard instanceof Guard.Overhead overhead) {
            return "overhead at most " + Guard.number(overhead.percent()) + " %" + (overhead.time().isZero() ? "" : " for more than " + Times.text(overhead.time()));
        } else if (guard instanceof Guard.LongestWait wait) {
            return "no wait longer than " + wait.millis() + " ms";
        } else if (guard instanceof Guard.Bypasses bypasses) {
            return "at most " + bypasses.most() + " bypasses";
        } else if (guard instanceof Guard.Stragglers stragglers) {
            return "at most " + stragglers.most() + " stragglers for more than " + Times.text(stragglers.time());
        }
        Guard.Counter counter = (Guard.Counter) guard;
        return counter.attribute() + " of " + counter.mbean() + " at most " + counter.perMinute() + " a minute";
    }
}
