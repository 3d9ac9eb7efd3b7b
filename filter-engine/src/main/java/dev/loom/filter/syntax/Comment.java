package dev.loom.filter.syntax;

import dev.loom.filter.diagnostic.Span;

/**
 * A comment, as written, without the white space around.
 *
 * @param ownLine whether nothing else stands before it on its line
 */
public record Comment(String text, Span span, boolean ownLine) {}
