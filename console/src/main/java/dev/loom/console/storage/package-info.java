/** Checks that the database is the one that was written, at startup, and that it can be written, continuously after that. */
@NullMarked
package dev.loom.console.storage;

import org.jspecify.annotations.NullMarked;
