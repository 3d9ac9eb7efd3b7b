/**
 * What all parts of the agent need and the JDK does not have in a form that is safe inside somebody else's JVM: a log
 * ({@link dev.loom.agent.support.AgentLog}), threads ({@link dev.loom.agent.support.LoomThreads}), JSON text.
 */
package dev.loom.agent.support;
