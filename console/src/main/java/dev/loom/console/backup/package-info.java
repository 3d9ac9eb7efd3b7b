/** Everything that a console's database holds, in one file: written from a running console, put into an empty database of either engine. */
@NullMarked
package dev.loom.console.backup;

import org.jspecify.annotations.NullMarked;
