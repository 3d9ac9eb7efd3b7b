/**
 * Generated methods, run plain and woven in several ways, must do the same. Start at
 * {@link dev.loom.agent.weave.torture.Torture}; {@link dev.loom.agent.weave.torture.TortureTest} is the short form for every build.
 */
package dev.loom.agent.weave.torture;
