package dev.loom.filter.check;

import dev.loom.filter.analysis.Code;
import dev.loom.filter.analysis.RegionInterior;
import dev.loom.filter.diagnostic.Diagnostics;
import dev.loom.filter.resolve.ClassTable;
import dev.loom.filter.resolve.Resolution;
import dev.loom.filter.resolve.ResolvedConstraint;
import dev.loom.filter.resolve.ResolvedRegion;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.objectweb.asm.tree.MethodNode;

/** All the checks, and how they are run. */
public final class Checks {

    private static final List<RegionCheck> OF_REGIONS = List.of(
            new ShapeCheck(),
            new ConstructorCheck(),
            new SizeCheck(),
            new TableCheck(),
            new JdkCheck(),
            new SynchronizedMethodCheck(),
            new MonitorCheck(),
            new BlockingCheck());

    private Checks() {}

    /** Says what there is to say about a filter. */
    public static void run(Resolution resolution, ClassTable classes, Diagnostics out) {
        Map<MethodNode, Code> codes = new IdentityHashMap<>();
        List<List<List<RegionView>>> views = new ArrayList<>();
        for (ResolvedConstraint constraint : resolution.constraints()) {
            List<List<RegionView>> sides = new ArrayList<>();
            for (List<ResolvedRegion> side : constraint.sides()) {
                sides.add(side.stream().map(r -> view(r, codes)).toList());
            }
            views.add(sides);
            sides.forEach(s -> s.forEach(view -> OF_REGIONS.forEach(check -> check.check(view, out))));
            OrderCheck.check(constraint, codes, out);
        }
        Reach reach = new Reach(classes);
        SharedUpgradeCheck.check(resolution.constraints(), views, reach, out);
        new LockOrderCheck(resolution.constraints(), views, reach, out).run();
    }

    private static RegionView view(ResolvedRegion region, Map<MethodNode, Code> codes) {
        Code code = codes.computeIfAbsent(region.body().method(), Subroutines::code);
        return new RegionView(region, code, RegionInterior.of(code, region.entries(), region.exits()));
    }
}
