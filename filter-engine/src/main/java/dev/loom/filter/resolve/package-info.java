/**
 * From the names and lines of a filter to classes, method bodies, local variables and fields; near-misses; pins. Start at {@link
 * dev.loom.filter.resolve.FilterResolver}.
 */
@org.jspecify.annotations.NullMarked
package dev.loom.filter.resolve;
