package dev.loom.filter.syntax;

import dev.loom.filter.diagnostic.Span;
import org.jspecify.annotations.Nullable;

/** A source line, in one of the ways people have it at hand. */
public sealed interface Location {

    /** Number of the line, from 1. */
    int line();

    Span span();

    /** {@code com.acme.Bank:42}. */
    record OfType(TypeName type, int line, Span span) implements Location {}

    /** {@code com.acme.Bank#transfer:42}. */
    record OfMember(Member member, int line, Span span) implements Location {}

    /** {@code Bank.java:42}. */
    record OfFile(String file, int line, Span span) implements Location {}

    /** {@code at com.acme.Bank.transfer(Bank.java:42)}. */
    record OfFrame(TypeName type, Name method, @Nullable String file, int line, Span span) implements Location {}
}
