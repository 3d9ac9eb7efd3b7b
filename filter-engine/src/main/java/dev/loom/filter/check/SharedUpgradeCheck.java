package dev.loom.filter.check;

import dev.loom.filter.diagnostic.DiagnosticCode;
import dev.loom.filter.diagnostic.Diagnostics;
import dev.loom.filter.plan.ConstraintPlan;
import dev.loom.filter.resolve.ResolvedConstraint;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether a thread on a shared side can come to another side of the same constraint, where it may wait for itself. */
final class SharedUpgradeCheck {

    private SharedUpgradeCheck() {}

    static void check(List<ResolvedConstraint> constraints, List<List<List<RegionView>>> views, ReachableMethods reach, Diagnostics out) {
        for (int c = 0; c < constraints.size(); c++) {
            if (constraints.get(c).plan() instanceof ConstraintPlan.Exclusion exclusion) {
                List<List<RegionView>> sides = views.get(c);
                for (int from = 0; from < sides.size(); from++) {
                    for (int to = 0; to < sides.size(); to++) {
                        if (from != to && exclusion.shared().get(from)) {
                            checkSides(sides.get(from), sides.get(to), reach, out);
                        }
                    }
                }
            }
        }
    }

    private static void checkSides(List<RegionView> shared, List<RegionView> other, ReachableMethods reach, Diagnostics out) {
        for (RegionView from : shared) {
            for (RegionView to : other) {
                String path = path(from, to, reach);
                if (path != null) {
                    out.report(
                            DiagnosticCode.SHARED_UPGRADE,
                            from.span(),
                            "a thread in this shared region can come to " + to.region().location() + " on another side (" + path
                                    + "): two such threads wait for each other, and the deadlock guard has to let one through",
                            "remove 'shared' here, or let the region end before that");
                    return;
                }
            }
        }
    }

    /** The calls from inside one region to another; null if none is seen. */
    static @Nullable String path(RegionView from, RegionView to, ReachableMethods reach) {
        if (from.body().equals(to.body())) {
            for (int entry : to.interior().entries()) {
                if (from.interior().interior().get(entry) && !from.interior().entries().contains(entry)) {
                    return "in line " + to.code().line(entry);
                }
            }
        }
        return reach.from(from).stream().filter(s -> s.body().equals(to.body())).findFirst().map(s -> s.path(from)).orElse(null);
    }
}
