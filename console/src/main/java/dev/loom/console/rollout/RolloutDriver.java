package dev.loom.console.rollout;

import dev.loom.console.audit.EventLog;
import dev.loom.console.audit.Subject;
import dev.loom.console.contract.LoomProblem;
import dev.loom.console.deployment.DeploymentService;
import dev.loom.console.deployment.DeploymentState;
import dev.loom.console.deployment.DeploymentTargets;
import dev.loom.console.deployment.DeploymentView;
import dev.loom.console.deployment.JvmProgress;
import dev.loom.console.deployment.NewDeployment;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Takes the steps of roll-outs: one look at each every half second, at most one step a look. What is decided follows from what is stored and
 * from what the JVMs say, so a console that was killed goes on where it was. Times are counted by the monotonic clock and stored, so a clock
 * that is set changes nothing; what passes while no console runs does not count.
 */
@Component
class RolloutDriver {

    private static final Logger log = LoggerFactory.getLogger(RolloutDriver.class);
    /** How often the time that has passed is stored, ms. */
    private static final long STORED_STEP = 2_000;

    private final RolloutRepository repository;
    private final DeploymentService deployments;
    private final DeploymentTargets deploymentTargets;
    private final GuardWatch guards;
    private final EventLog events;

    /** When each was last stored, by {@link System#nanoTime()}. */
    private final Map<Long, Long> counted = new ConcurrentHashMap<>();

    RolloutDriver(RolloutRepository repository, DeploymentService deployments, DeploymentTargets deploymentTargets, GuardWatch guards, EventLog events) {
        this.repository = repository;
        this.deployments = deployments;
        this.deploymentTargets = deploymentTargets;
        this.guards = guards;
        this.events = events;
    }

    @Scheduled(fixedDelay = 500)
    void look() {
        List<Rollout> open = repository.open();
        counted.keySet().retainAll(open.stream().map(Rollout::deployment).toList());
        for (Rollout rollout : open) {
            try {
                step(timed(rollout));
            } catch (LoomProblem e) {
                log.info("The roll-out of deployment {} waits: {}", rollout.deployment(), e.detail());
            } catch (RuntimeException e) {
                log.warn("The roll-out of deployment {} is looked at again", rollout.deployment(), e);
            }
        }
    }

    /** With the time since the last look; stored now and then. */
    private Rollout timed(Rollout rollout) {
        long now = System.nanoTime();
        long millis = (now - counted.computeIfAbsent(rollout.deployment(), id -> now)) / 1_000_000;
        Rollout later = rollout.after(millis);
        if (millis >= STORED_STEP && repository.update(rollout, later)) {
            counted.put(rollout.deployment(), now);
        }
        return later;
    }

    private void store(Rollout before, Rollout after) {
        if (repository.update(before, after)) {
            counted.put(before.deployment(), System.nanoTime());
            if (after.state() != Rollout.State.RUNNING) {
                guards.forget(before.deployment());
            }
        }
    }

    private void step(Rollout rollout) {
        DeploymentView deployment = deployments.get(rollout.deployment());
        Strategy strategy = repository.strategy(rollout);
        if (rollout.state() == Rollout.State.ROLLING_BACK) {
            restore(rollout, deployment);
            return;
        }
        if (deployment.isEnded() || deployment.state().isLeaving()) {
            leave(rollout, deployment);
            return;
        }
        if (strategy.until() != null && rollout.runMillis() >= strategy.until().toMillis()) {
            store(rollout, rollout.ended(Rollout.State.DONE, "It was to stay for " + Times.text(strategy.until()) + "."));
            note(deployment, "rollout.until", "The time of " + deployment.filter() + " is over: it is disabled.");
            deployments.disable(deployment.id());
            return;
        }
        if (rollout.state() == Rollout.State.DONE || deployment.state() == DeploymentState.PAUSED) {
            return;
        }
        String fired = guards.fired(deployment, strategy);
        if (fired != null) {
            fire(rollout, deployment, strategy, fired);
            return;
        }
        advance(rollout, deployment, strategy);
    }

    private void advance(Rollout rollout, DeploymentView deployment, Strategy strategy) {
        Step step = strategy.steps().get(rollout.step());
        if (step instanceof Step.Wait wait) {
            if (rollout.stepMillis() >= wait.time().toMillis()) {
                done(rollout, deployment, strategy);
            } else if (rollout.stepState() != Rollout.StepState.WAITING) {
                store(rollout, rollout.in(Rollout.StepState.WAITING));
            }
        } else if (step instanceof Step.Approve) {
            if (rollout.stepState() != Rollout.StepState.APPROVAL) {
                store(rollout, rollout.in(Rollout.StepState.APPROVAL));
                note(deployment, "rollout.approval", "Deployment " + deployment.id() + " of " + deployment.filter() + " waits for an approval.");
            }
        } else if (step instanceof Step.Enforce) {
            if (!deployment.mode().equals("enforce")) {
                deployments.promote(deployment.id());
            } else if (isInForce(deployment)) {
                done(rollout, deployment, strategy);
            }
        } else {
            extend(rollout, deployment, strategy, step);
        }
    }

    private void extend(Rollout rollout, DeploymentView deployment, Strategy strategy, Step step) {
        if (rollout.stepState() != Rollout.StepState.RUNNING) {
            store(rollout, rollout.in(Rollout.StepState.RUNNING));
        }
        List<Long> all = rollout.selector() == null ? rollout.targets() : deploymentTargets.targetsBy(rollout.selector());
        List<Long> has = deployment.jvms().stream().map(JvmProgress::targetId).toList();
        int missing = step.jvmsOf(all.size()) - has.size();
        if (missing > 0) {
            deploymentTargets.extend(deployment.id(), all.stream().filter(id -> !has.contains(id)).limit(missing).toList());
        } else if (isInForce(deployment)) {
            done(rollout, deployment, strategy);
        }
    }

    /** In force wherever it has come to; a JVM where it was superseded is another deployment's. */
    private static boolean isInForce(DeploymentView deployment) {
        return deployment.state() == DeploymentState.ENABLED;
    }

    private void done(Rollout rollout, DeploymentView deployment, Strategy strategy) {
        Rollout next = rollout.next(strategy.steps().size());
        if (next.state() == Rollout.State.DONE && rollout.selector() != null) {
            // before it is stored as done: a console that is killed in between does it again, and not never
            deploymentTargets.takeAllWith(deployment.id(), rollout.selector());
        }
        store(rollout, next);
        note(deployment, "rollout.step", "Step " + (rollout.step() + 1) + " of deployment " + deployment.id() + " of " + deployment.filter() + " is done: "
                + strategy.steps().get(rollout.step()).text() + ".");
    }

    private void fire(Rollout rollout, DeploymentView deployment, Strategy strategy, String reason) {
        note(deployment, "rollout.guard", "A guard of deployment " + deployment.id() + " of " + deployment.filter() + " fired: " + reason + ". "
                + (strategy.rollBack() ? "It is taken back." : "It is paused."));
        if (strategy.rollBack()) {
            // if the console is killed in between, restore() aborts
            store(rollout, rollout.ended(Rollout.State.ROLLING_BACK, reason));
            deployments.abort(deployment.id());
        } else {
            deployments.pause(deployment.id());
        }
    }

    /** Somebody took the deployment off or back. */
    private void leave(Rollout rollout, DeploymentView deployment) {
        if (rollout.state() != Rollout.State.RUNNING) {
            return;
        }
        boolean aborted = deployment.state() == DeploymentState.ABORTING || deployment.state() == DeploymentState.ABORTED;
        store(rollout, rollout.ended(
                aborted ? Rollout.State.ROLLING_BACK : Rollout.State.ABORTED, "The deployment is " + deployment.state() + "."));
    }

    /** Once all is taken back, the versions that it took the place of come back. */
    private void restore(Rollout rollout, DeploymentView deployment) {
        if (!deployment.isEnded()) {
            if (!deployment.state().isLeaving()) {
                deployments.abort(deployment.id()); // the console was killed in between
            }
            return;
        }
        Map<Long, List<Long>> before = deploymentTargets.tookThePlaceOf(deployment.id());
        if (before.isEmpty()) {
            store(rollout, rollout.ended(Rollout.State.ABORTED, rollout.reason()));
            return;
        }
        Map.Entry<Long, List<Long>> one = before.entrySet().iterator().next();
        DeploymentView old = deployments.get(one.getKey());
        deployments.create(
                new NewDeployment(
                        old.filter(), old.version(), old.mode(), one.getValue(), null, old.onStraggler(), old.onHarmful(), old.onDeadlocked(), false),
                id -> note(deployment, "rollout.restored",
                        "Version " + old.version() + " of " + old.filter() + " is enabled again in " + one.getValue().size() + " JVMs, by deployment " + id + "."));
    }

    private void note(DeploymentView deployment, String type, String message) {
        events.note(type, Subject.ofDeployment(deployment.id(), deployment.filter()), message, Map.of());
    }

}
