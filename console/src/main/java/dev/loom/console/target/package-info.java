/**
 * The JVMs: how they become known (address, self-registration, attach), the connection to each, and what it last said. {@link
 * dev.loom.console.target.TargetService} is what the rest of the console uses, {@link dev.loom.console.target.TargetMonitor}
 * keeps the connections, {@code TargetReader} asks one JVM, again and again.
 */
@NullMarked
package dev.loom.console.target;

import org.jspecify.annotations.NullMarked;
