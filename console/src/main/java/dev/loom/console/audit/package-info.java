/**
 * What happened: one append-only table of events behind the live page, the audit log, the replay of {@code /events} and, later,
 * the other nodes. {@link dev.loom.console.audit.EventLog} writes and reads it.
 */
@NullMarked
package dev.loom.console.audit;

import org.jspecify.annotations.NullMarked;
