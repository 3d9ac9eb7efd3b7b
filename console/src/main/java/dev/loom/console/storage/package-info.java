/**
 * Checks that the database is the one that was written, at startup ({@code DatabaseCheck}), and that it can be written, continuously after that
 * ({@code StorageHealth}).
 */
@NullMarked
package dev.loom.console.storage;

import org.jspecify.annotations.NullMarked;
