/**
 * Watch points, by which races are looked for: in front of accesses to fields and of calls on objects that threads share. Start at {@link
 * dev.loom.filter.weave.watch.Watches}; which calls are watched is a table, {@code Family}.
 */
@org.jspecify.annotations.NullMarked
package dev.loom.filter.weave.watch;
