/**
 * The sessions of people who are logged in, in the database: they outlive a restart and a takeover by another console. {@link
 * dev.loom.console.session.StoredSessions} is where to start.
 */
@NullMarked
package dev.loom.console.session;

import org.jspecify.annotations.NullMarked;
