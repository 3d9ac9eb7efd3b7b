package dev.loom.filter.resolve;

import dev.loom.filter.diagnostic.Span;

/** An event of an order constraint in its method body. */
public record ResolvedEvent(Body body, int line, int position, Span span) {}
