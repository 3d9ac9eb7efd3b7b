package dev.loom.filter.syntax;

import dev.loom.filter.diagnostic.Span;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A stretch of code that a constraint speaks of. */
public sealed interface Region {

    /** What makes calls independent of each other; null if it is not said here. */
    @Nullable Key key();

    Span span();

    /** A declared region. */
    record Named(Name name, @Nullable Key key, Span span) implements Region {}

    /** {@code { e1, e2 ; e3 }}: from any of the entries to any of the exits. */
    record Lines(List<Event> entries, List<Event> exits, @Nullable Key key, Span span) implements Region {
        public Lines {
            entries = List.copyOf(entries);
            exits = List.copyOf(exits);
        }
    }

    /** A call of a method. */
    record Call(Member member, @Nullable Key key, Span span) implements Region {}

    /** One line. */
    record Line(Location location, @Nullable Key key, Span span) implements Region {}
}
