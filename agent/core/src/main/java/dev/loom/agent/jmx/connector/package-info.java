/**
 * The agent's own JMX connector: one port, a password, TLS beyond this machine, and nothing of it in the JVM's global settings. Start
 * at {@link dev.loom.agent.jmx.connector.JmxConnector}.
 */
package dev.loom.agent.jmx.connector;
