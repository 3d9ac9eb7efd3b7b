package dev.loom.filter.syntax;

import dev.loom.filter.diagnostic.Span;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One statement of a filter. */
public sealed interface Statement {

    Span span();

    /** {@code about "…"}: what the filter is for. */
    record About(String text, Span span) implements Statement {}

    /** {@code ticket "…"}: where the race is described. */
    record Ticket(String text, Span span) implements Statement {}

    /**
     * {@code use com.acme.Bank as B}.
     *
     * @param alias null where the class's simple name serves
     */
    record Use(TypeName type, @Nullable Name alias, Span span) implements Statement {}

    /** {@code region r = …}. */
    record RegionDeclaration(Name name, Region region, Span span) implements Statement {}

    /** {@code event e = …}. */
    record EventDeclaration(Name name, Event event, Span span) implements Statement {}

    /** {@code pin com.acme.Bank#transfer(Account,long) sha256:…}. */
    record Pin(Member member, String digest, Span digestSpan, Span span) implements Statement {}

    /** A statement that demands something of the running threads. */
    sealed interface Constraint extends Statement {
        /** Whether violations are only counted. */
        boolean observe();
    }

    /** {@code r1 <> r2 <> …}. */
    record Exclusion(boolean observe, List<Side> sides, Span span) implements Constraint {
        public Exclusion {
            sides = List.copyOf(sides);
        }
    }

    /** {@code atomic r}. */
    record Atomic(boolean observe, Region region, Span span) implements Constraint {}

    /**
     * {@code r <> *}.
     *
     * @param scope class-name patterns; empty for all application code
     */
    record Unilateral(boolean observe, Region region, List<String> scope, Span span) implements Constraint {
        public Unilateral {
            scope = List.copyOf(scope);
        }
    }

    /**
     * {@code e1 > e2 > …}.
     *
     * @param each whether every later event consumes completions of the one before
     * @param within null where the default holds
     */
    record Order(boolean observe, List<Event> events, boolean each, @Nullable Duration within, Span span) implements Constraint {
        public Order {
            events = List.copyOf(events);
        }
    }
}
