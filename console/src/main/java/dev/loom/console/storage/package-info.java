/**
 * Checks that the database is the one that was written, at startup ({@code DatabaseCheck}), and that it can be written, continuously after that
 * ({@code StorageHealth}). Writes changes that come in crowds in few transactions ({@code GroupCommit}).
 */
@NullMarked
package dev.loom.console.storage;

import org.jspecify.annotations.NullMarked;
