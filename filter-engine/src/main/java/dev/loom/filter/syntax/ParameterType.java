package dev.loom.filter.syntax;

import dev.loom.filter.diagnostic.Span;

/**
 * The type of a parameter in a member's parameter list: {@code long}, {@code Account}, {@code com.acme.Account[]}.
 *
 * @param name without the brackets
 * @param dimensions of an array; {@code ...} counts as one
 */
public record ParameterType(String name, int dimensions, Span span) {

    /** As in source. */
    public String text() {
        return name + "[]".repeat(dimensions);
    }
}
