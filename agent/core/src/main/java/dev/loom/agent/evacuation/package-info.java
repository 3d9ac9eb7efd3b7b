/**
 * Installs, replaces and removes filters, and knows which frames are still in the way. Start at
 * {@link dev.loom.agent.evacuation.FilterManager}; how frames are cleared is said in {@link dev.loom.agent.evacuation.Evacuation}, how
 * polls of {@code r <> *} come and go in {@link dev.loom.agent.evacuation.PolledCode}, when a thread has stopped in {@link
 * dev.loom.agent.evacuation.ScopeFrames}.
 */
package dev.loom.agent.evacuation;
