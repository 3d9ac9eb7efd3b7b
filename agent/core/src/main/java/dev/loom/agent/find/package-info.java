/**
 * Looks for races in this JVM, with watch points in the classes named. Start at {@link dev.loom.agent.find.RaceFinder}; which places are
 * looked at when is decided in {@code Sampler}, what a collision means to people in {@code Findings}.
 */
@org.jspecify.annotations.NullMarked
package dev.loom.agent.find;
