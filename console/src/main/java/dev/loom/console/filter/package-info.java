/**
 * The filters that the console stores, in immutable versions. {@link dev.loom.console.filter.FilterService} is where to start;
 * what is stored has passed the engine's checker.
 */
@NullMarked
package dev.loom.console.filter;

import org.jspecify.annotations.NullMarked;
