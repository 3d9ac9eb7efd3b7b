/**
 * Speaks JMX with the agent of one JVM, and knows nothing of the rest of the console. {@link
 * dev.loom.console.jmx.AgentConnection} is where to start; everything that it says comes from another process and is read
 * leniently.
 */
@NullMarked
package dev.loom.console.jmx;

import org.jspecify.annotations.NullMarked;
