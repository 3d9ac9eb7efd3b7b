/**
 * The text of a filter and its syntax tree: lexer, parser with recovery, formatter. Knows nothing of classes. Start at {@link
 * dev.loom.filter.syntax.FilterParser}.
 */
@org.jspecify.annotations.NullMarked
package dev.loom.filter.syntax;
