package dev.loom.filter.check;

import dev.loom.filter.diagnostic.Diagnostics;
import dev.loom.filter.resolve.ClassTable;
import dev.loom.filter.resolve.ResolvedConstraint;
import java.util.List;

/**
 * All constraints of a filter, for the checks that look from one to another.
 *
 * @param constraints in the order of the filter
 * @param views by constraint and side
 */
record ConstraintView(
        List<ResolvedConstraint> constraints, List<List<List<RegionView>>> views, ReachableMethods reach, ClassTable classes, Diagnostics out) {

    ResolvedConstraint constraint(int number) {
        return constraints.get(number);
    }

    /** The regions of a constraint by side. */
    List<List<RegionView>> sides(int constraint) {
        return views.get(constraint);
    }
}
