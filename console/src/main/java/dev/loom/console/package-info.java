/**
 * The web console: stores filters, reaches JVMs over JMX, enables filters there and shows what happens. {@link
 * dev.loom.console.LoomConsole} starts it; each feature is a package of its own. Data flows one way: filter version, deployment,
 * state in each JVM, event.
 */
@NullMarked
package dev.loom.console;

import org.jspecify.annotations.NullMarked;
