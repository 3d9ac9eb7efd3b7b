/**
 * Classes of JVMs, line by line: {@link dev.loom.console.source.SourceService} asks the agents, {@code SourceController} is REST. Nothing of a
 * class is stored here, and nobody's source code comes here: the page puts it beside the lines in the browser.
 */
@NullMarked
package dev.loom.console.source;

import org.jspecify.annotations.NullMarked;
