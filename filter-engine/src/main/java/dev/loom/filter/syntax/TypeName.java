package dev.loom.filter.syntax;

import dev.loom.filter.diagnostic.Span;

/** A class as the filter writes it: {@code com.acme.Bank}, an alias, {@code Outer.Inner} or {@code Outer$Inner}. */
public record TypeName(String text, Span span) {

    /** What stands before the first dot: the part that an alias can replace. */
    public String head() {
        int dot = text.indexOf('.');
        return dot < 0 ? text : text.substring(0, dot);
    }
}
