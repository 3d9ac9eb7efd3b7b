package dev.loom.filter.syntax;

import dev.loom.filter.diagnostic.Span;
import org.jspecify.annotations.Nullable;

/** Control reaching a line: {@code com.acme.Bank:42 by account {3}}. */
public record Event(Target target, @Nullable Key key, @Nullable Count count, Span span) {

    /** What line it is. */
    public sealed interface Target {
        /** A declared event. */
        record Named(Name name) implements Target {}

        /** A line. */
        record At(Location location) implements Target {}
    }

    /** How many occurrences are meant. */
    public sealed interface Count {
        /** A number. */
        record Times(long number) implements Count {}

        /** A value that is taken when the event happens. */
        record Value(Key key) implements Count {}
    }
}
