/**
 * Filters that suit what people have: stack traces, thread dumps, deadlock reports, reports of Infer. Only proposals; the checker judges them. Reading starts at
 * {@code Evidence}, ranking is {@code Candidates}.
 */
@org.jspecify.annotations.NullMarked
package dev.loom.filter.suggest;
