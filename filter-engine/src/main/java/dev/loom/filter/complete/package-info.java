/** Names that someone who types a filter may mean. Start at {@link dev.loom.filter.complete.Completion}. */
@org.jspecify.annotations.NullMarked
package dev.loom.filter.complete;
