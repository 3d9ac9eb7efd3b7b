/** Starts and ends the agent in a JVM. The launcher in the agent jar calls {@link dev.loom.agent.Agent}. */
package dev.loom.agent;
