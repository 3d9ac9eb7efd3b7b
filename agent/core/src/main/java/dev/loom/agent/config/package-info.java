/** The agent's options, from its argument, system properties and environment variables. Start at {@link dev.loom.agent.config.AgentConfig}. */
package dev.loom.agent.config;
