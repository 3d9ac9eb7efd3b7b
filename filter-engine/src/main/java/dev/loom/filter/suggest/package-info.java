/** Filters that suit what people have: stack traces, thread dumps, deadlock reports. Only proposals; the checker judges them. Reading is {@code TraceReader}, ranking {@code Candidates}. */
@org.jspecify.annotations.NullMarked
package dev.loom.filter.suggest;
