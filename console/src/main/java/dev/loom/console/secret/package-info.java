/** The key of the console, and what is sealed with it: {@link dev.loom.console.secret.Seal}. */
@NullMarked
package dev.loom.console.secret;

import org.jspecify.annotations.NullMarked;
