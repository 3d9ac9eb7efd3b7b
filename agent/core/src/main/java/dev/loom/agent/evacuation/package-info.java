/**
 * Installs, replaces and removes filters, and knows which frames are still in the way. Start at
 * {@link dev.loom.agent.evacuation.FilterManager}; how frames are cleared is said in {@link dev.loom.agent.evacuation.Evacuation}.
 */
package dev.loom.agent.evacuation;
