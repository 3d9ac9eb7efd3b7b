package dev.loom.filter.syntax;

import dev.loom.filter.diagnostic.Span;
import java.util.List;

/**
 * What stands behind {@code by}.
 *
 * @param path the names behind the base; where the base is a {@link Base.Variable}, the first of them may still belong to the
 *     name of a class
 */
public record Key(Base base, List<Name> path, Span span) {

    public Key {
        path = List.copyOf(path);
    }

    /** Where a key starts. */
    public sealed interface Base {
        /** {@code this}. */
        record This() implements Base {}

        /** {@code Outer.this}. */
        record Outer(TypeName type) implements Base {}

        /** {@code Bank.class}. */
        record ClassLiteral(TypeName type) implements Base {}

        /** A parameter, a local, a field of {@code this}, or the start of a class name. */
        record Variable(Name name) implements Base {}

        /** {@code $1}: a parameter by its number, from 1. */
        record Parameter(int number) implements Base {}

        /**
         * A literal.
         *
         * @param value an {@code Integer}, {@code Long}, {@code Double}, {@code Character}, {@code Boolean} or {@code String}
         */
        record Literal(Object value) implements Base {}
    }
}
