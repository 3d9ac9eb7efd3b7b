package dev.loom.console.deployment;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Deployments in steps, for who takes the wish and shows it; see the package {@code rollout}. */
public interface Rollouts {

    /** Begins a deployment with its first step; the id of the deployment. */
    long start(NewDeployment wanted, Map<String, ?> strategy);

    /** The steps of a deployment; null if it has none. */
    @Nullable RolloutView of(long deployment);

    /**
     * That whoever is at work may act on all JVMs to which the steps come.
     *
     * @throws dev.loom.console.contract.LoomProblem if not
     */
    void requireInScope(long deployment);
}
