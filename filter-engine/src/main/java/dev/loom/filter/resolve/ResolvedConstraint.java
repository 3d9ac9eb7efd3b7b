package dev.loom.filter.resolve;

import dev.loom.filter.diagnostic.Span;
import dev.loom.filter.plan.ConstraintPlan;
import java.util.List;

/**
 * A constraint with the method bodies of its parts, for the checks.
 *
 * @param sides for each side its regions; a side that waits for its class has none
 * @param events of an order, in its order
 */
public record ResolvedConstraint(ConstraintPlan plan, List<List<ResolvedRegion>> sides, List<ResolvedEvent> events, Span span) {
    public ResolvedConstraint {
        sides = sides.stream().map(List::copyOf).toList();
        events = List.copyOf(events);
    }

    ResolvedConstraint(ConstraintPlan plan, List<List<ResolvedRegion>> sides, Span span) {
        this(plan, sides, List.of(), span);
    }

    /** All regions of all sides. */
    public List<ResolvedRegion> regions() {
        return sides.stream().flatMap(List::stream).toList();
    }
}
