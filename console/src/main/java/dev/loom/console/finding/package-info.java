/**
 * Races looked for in JVMs: {@link dev.loom.console.finding.FindService} asks the agents, {@code FindController} is REST. Nothing of a search is
 * stored here but that somebody began or ended it: the JVM keeps what was found.
 */
@NullMarked
package dev.loom.console.finding;

import org.jspecify.annotations.NullMarked;
