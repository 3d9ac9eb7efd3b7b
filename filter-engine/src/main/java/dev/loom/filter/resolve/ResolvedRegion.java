package dev.loom.filter.resolve;

import dev.loom.filter.diagnostic.Span;
import dev.loom.filter.plan.RegionPlan;
import dev.loom.filter.syntax.Event;
import dev.loom.filter.syntax.Region;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A region in one method body.
 *
 * @param entries lines; empty for a method region
 * @param exits lines; empty for a method region
 * @param source as the filter writes it, names replaced by what they stand for
 */
public record ResolvedRegion(Body body, SortedSet<Integer> entries, SortedSet<Integer> exits, Region source) {

    public ResolvedRegion {
        entries = Collections.unmodifiableSortedSet(new TreeSet<>(entries));
        exits = Collections.unmodifiableSortedSet(new TreeSet<>(exits));
    }

    public boolean isWholeMethod() {
        return entries.isEmpty();
    }

    /** Where the filter names the line, as an entry, or else an exit. */
    public Span spanOf(int line) {
        if (source instanceof Region.Lines lines) {
            return java.util.stream.Stream.concat(lines.exits().stream(), lines.entries().stream())
                    .filter(e -> e.target() instanceof Event.Target.At at && at.location().line() == line)
                    .findFirst()
                    .map(Event::span)
                    .orElse(source.span());
        }
        return source.span();
    }

    /** See {@link RegionPlan#location()}. */
    public String location() {
        if (isWholeMethod()) {
            return body.shown();
        }
        String name = body.shownName() + ":";
        if (entries.size() == 1 && exits.equals(entries)) {
            return name + entries.first();
        }
        if (entries.size() == 1 && exits.size() == 1 && entries.first() < exits.first()) {
            return name + entries.first() + "-" + exits.first();
        }
        return name + "{" + list(entries) + " ; " + list(exits) + "}";
    }

    private static String list(SortedSet<Integer> lines) {
        return List.copyOf(lines).stream().map(String::valueOf).collect(Collectors.joining(", "));
    }
}
