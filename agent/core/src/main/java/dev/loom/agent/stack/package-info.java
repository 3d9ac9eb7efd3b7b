/**
 * Reads threads' IDs, states and stacks without calling code of the application: they come from the JDK's own methods and
 * fields, whatever a subclass overrides. Start at {@link dev.loom.agent.stack.Threads}.
 */
@NullMarked
package dev.loom.agent.stack;

import org.jspecify.annotations.NullMarked;
