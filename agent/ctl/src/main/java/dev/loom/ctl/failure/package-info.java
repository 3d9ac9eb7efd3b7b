/** How a command fails: with a sentence, what to do, and an exit status. Start at {@link dev.loom.ctl.failure.CommandFailure}. */
package dev.loom.ctl.failure;
