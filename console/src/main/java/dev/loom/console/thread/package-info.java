/**
 * The threads of a JVM at one moment: {@link dev.loom.console.thread.ThreadDumps} takes and keeps dumps, {@link dev.loom.console.thread.LockGraph} tells
 * who waits for whom, {@link dev.loom.console.thread.StackGroup} puts threads of the same stack together, and {@link
 * dev.loom.console.thread.DumpText} writes what jstack would.
 */
@NullMarked
package dev.loom.console.thread;

import org.jspecify.annotations.NullMarked;
