/**
 * Whether all other threads have stopped for a region of {@code r <> *}. Start at {@link
 * dev.loom.agent.standstill.StandstillWatch}; when one thread has stopped is decided in {@link dev.loom.agent.standstill.ScopeFrames}.
 */
package dev.loom.agent.standstill;
