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
    /** How often those are looked at whose steps are done, ms: they may be many, and large. */
    private static final long DONE_STEP = 2_000;

    private final RolloutRepository repository;
    private final DeploymentService deployments;
    private final DeploymentTargets deploymentTargets;
    private final GuardWatch guards;
    private final EventLog events;

    /** When each was last stored, by {@link System#nanoTime()}. */
    private final Map<Long, Long> counted = new ConcurrentHashMap<>();
    /** When each was last looked at, by the same. */
    private final Map<Long, Long> looked = new ConcurrentHashMap<>();

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
        looked.keySet().retainAll(counted.keySet());
        for (Rollout rollout : open) {
            if (!isDue(rollout)) {
                continue;
            }
            try {
                step(timed(rollout));
            } catch (LoomProblem e) {
                log.info("The roll-out of deployment {} waits: {}", rollout.deployment(), e.detail());
            } catch (RuntimeException e) {
                log.warn("The roll-out of deployment {} is looked at again", rollout.deployment(), e);
            }
        }
    }

    private boolean isDue(Rollout rollout) {
        long now = System.nanoTime();
        Long last = looked.get(rollout.deployment());
        boolean done = rollout.state() == Rollout.State.DONE || rollout.state() == Rollout.State.SET_BACK;
        if (done && last != null && now - last < DONE_STEP * 1_000_000) {
            return false;
        }
        looked.put(rollout.deployment(), now);
        return true;
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
        if (deployment.state() == DeploymentState.PAUSED) {
            return;
        }
        if (rollout.state() == Rollout.State.SETTING_BACK) {
            setBack(rollout, deployment);
            return;
        }
        if (rollout.state() == Rollout.State.RUNNING) {
            String fired = guards.fired(deployment, strategy);
            if (fired != null) {
                fire(rollout, deployment, strategy, fired);
                return;
            }
        }
        if (!watchBudget(rollout, deployment, strategy) && rollout.state() == Rollout.State.RUNNING) {
            advance(rollout, deployment, strategy);
        }
    }

    /** Whether more was used than the budget allows: then the filter is set back. */
    private boolean watchBudget(Rollout rollout, DeploymentView deployment, Strategy strategy) {
        if (strategy.budget() == null || !deployment.mode().equals("enforce")) {
            return false;
        }
        String fired = guards.fired(deployment, List.of(strategy.budget()));
        if (fired == null) {
            return false;
        }
        note(deployment, "rollout.budget", "Deployment " + deployment.id() + " of " + deployment.filter() + " is over its budget: " + fired
                + ". " + Strategy.OnGuard.OBSERVE.sentence());
        store(rollout, rollout.ended(Rollout.State.SETTING_BACK, fired));
        return true;
    }

    /** Stored before: a console that is killed in between does it again. */
    private void setBack(Rollout rollout, DeploymentView deployment) {
        if (deployment.mode().equals("enforce")) {
            deployments.observe(deployment.id());
        }
        store(rollout, rollout.ended(Rollout.State.SET_BACK, rollout.reason()));
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
                + strategy.onGuard().sentence());
        switch (strategy.onGuard()) {
            case ROLLBACK -> {
                // if the console is killed in between, restore() aborts
                store(rollout, rollout.ended(Rollout.State.ROLLING_BACK, reason));
                deployments.abort(deployment.id());
            }
            case PAUSE -> deployments.pause(deployment.id());
            case OBSERVE -> store(rollout, rollout.ended(Rollout.State.SETTING_BACK, reason));
        }
    }

    /** Somebody took the deployment off or back. */
    private void leave(Rollout rollout, DeploymentView deployment) {
        if (rollout.state() != Rollout.State.RUNNING && rollout.state() != Rollout.State.SETTING_BACK) {
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
