/** Which of several consoles on one PostgreSQL database is at work; the others stand by. */
@NullMarked
package dev.loom.console.node;

import org.jspecify.annotations.NullMarked;
