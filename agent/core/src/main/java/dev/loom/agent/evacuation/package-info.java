/**
 * Which running frames could still break a filter. Start at {@link dev.loom.agent.evacuation.Evacuation}; where one frame stands is
 * decided in {@link dev.loom.agent.evacuation.WatchedMethod#place}.
 */
package dev.loom.agent.evacuation;
