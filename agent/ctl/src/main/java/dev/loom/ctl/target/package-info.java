/** Reaches the agent in a JVM: by pid, by host and port, by JMX service URL. Start at {@link dev.loom.ctl.target.AgentLink}. */
package dev.loom.ctl.target;
