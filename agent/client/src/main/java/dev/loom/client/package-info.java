/**
 * The one JMX client of the agent, for the control tool, the console and the evaluation, and what a filter's status is. Start at
 * {@link dev.loom.client.JmxClient}. It is lenient: what an older agent does not tell reads as empty, and a state of a newer one as
 * {@link dev.loom.client.FilterState#UNKNOWN}. It depends on the JDK alone.
 * It has states and records of its own beside the agent's, as it has to work with the agents of other versions.
 */
@org.jspecify.annotations.NullMarked
package dev.loom.client;
