/**
 * Roll-outs: a deployment comes to its JVMs in steps, and is taken back when a guard fires. {@link dev.loom.console.rollout.RolloutService} takes the
 * wishes, {@link dev.loom.console.rollout.RolloutDriver} takes the steps. What a deployment is in a JVM is the concern of {@code deployment}, which
 * knows nothing of steps.
 */
@NullMarked
package dev.loom.console.rollout;

import org.jspecify.annotations.NullMarked;
