package dev.loom.filter.resolve;

import dev.loom.filter.diagnostic.Span;
import dev.loom.filter.syntax.Location;
import dev.loom.filter.syntax.Region;
import dev.loom.filter.syntax.TypeName;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** An event of an order constraint in its method body. */
public record ResolvedEvent(Body body, int line, int position, Span span) {

    /** The line as a region, for checks to which it makes no difference. */
    public ResolvedRegion asRegion() {
        SortedSet<Integer> lines = new TreeSet<>(List.of(line));
        Location location = new Location.OfType(new TypeName(Names.shown(body.owner().name), span), line, span);
        return new ResolvedRegion(body, lines, lines, new Region.Line(location, null, span));
    }
}
