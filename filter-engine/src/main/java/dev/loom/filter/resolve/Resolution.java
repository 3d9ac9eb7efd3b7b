package dev.loom.filter.resolve;

import dev.loom.filter.plan.WeavingPlan;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What a filter's names and lines turned out to be.
 *
 * @param plan may be incomplete if errors were reported
 * @param namedClasses internal names of all classes that the filter names
 * @param constraints as the checks need them
 */
public record Resolution(WeavingPlan plan, SortedSet<String> namedClasses, List<ResolvedConstraint> constraints) {
    public Resolution {
        namedClasses = Collections.unmodifiableSortedSet(new TreeSet<>(namedClasses));
        constraints = List.copyOf(constraints);
    }
}
