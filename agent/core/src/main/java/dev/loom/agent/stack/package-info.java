/**
 * What the JVM knows of threads, asked so that no application is: a thread's number, state and stack come from the JDK's own methods and
 * fields, whatever a subclass overrides. Start at {@link dev.loom.agent.stack.Threads}.
 */
@NullMarked
package dev.loom.agent.stack;

import org.jspecify.annotations.NullMarked;
