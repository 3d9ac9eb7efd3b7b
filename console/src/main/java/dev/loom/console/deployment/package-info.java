/**
 * Which filter shall be enabled in which JVMs, and how far that is. {@link dev.loom.console.deployment.DeploymentService} takes
 * the wishes; {@link dev.loom.console.deployment.Reconciler} compares them with what each JVM says, again after every reading,
 * and does the next step.
 */
@NullMarked
package dev.loom.console.deployment;

import org.jspecify.annotations.NullMarked;
