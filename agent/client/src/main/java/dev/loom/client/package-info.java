/**
 * The one JMX client of the agent, for the control tool, the console and the evaluation, and what a filter's status is. Start at
 * {@link dev.loom.client.JmxClient}. It is lenient: what an older agent does not tell reads as empty, and a state of a newer one as
 * {@link dev.loom.client.FilterState#UNKNOWN}. It depends on the JDK alone.
 *
 * <p>It has states and records of its own beside those of the agent's {@code dev.loom.agent.control}, under the same names: the two sides of one
 * contract, each of which may be of another version.
 */
@org.jspecify.annotations.NullMarked
package dev.loom.client;
