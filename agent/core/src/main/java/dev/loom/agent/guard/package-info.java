/**
 * Keeps filters from hanging the application: finds waits of Loom's that can never end, and lets one go on without its lock. Start at
 * {@link dev.loom.agent.guard.DeadlockGuard}.
 */
@NullMarked
package dev.loom.agent.guard;

import org.jspecify.annotations.NullMarked;
