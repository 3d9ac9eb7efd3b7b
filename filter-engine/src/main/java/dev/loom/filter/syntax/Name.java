package dev.loom.filter.syntax;

import dev.loom.filter.diagnostic.Span;

/** A single name, without dots. */
public record Name(String text, Span span) {}
