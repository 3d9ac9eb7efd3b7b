/** Starts JVMs with and without the agent, and speaks to them by plain JMX. Start at {@link dev.loom.it.harness.Jvm}. */
package dev.loom.it.harness;
