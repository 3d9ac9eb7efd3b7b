/**
 * What is wrong with a filter, where, and what to write instead. Start at {@link dev.loom.filter.diagnostic.Diagnostic}; {@link
 * dev.loom.filter.diagnostic.DiagnosticRenderer} draws the excerpt with its caret.
 */
@org.jspecify.annotations.NullMarked
package dev.loom.filter.diagnostic;
