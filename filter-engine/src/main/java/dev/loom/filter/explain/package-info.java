/** What a filter would weave, in words for people. Start at {@link dev.loom.filter.explain.Explanation}. */
@org.jspecify.annotations.NullMarked
package dev.loom.filter.explain;
