package dev.loom.filter.syntax;

import dev.loom.filter.diagnostic.Span;

/**
 * One side of a mutual exclusion.
 *
 * @param shared whether threads of this side may be inside together
 */
public record Side(boolean shared, Region region, Span span) {}
