/** Whether the database is the one that was written, and whether it can be written: looked at at the start and all the time. */
@NullMarked
package dev.loom.console.storage;

import org.jspecify.annotations.NullMarked;
