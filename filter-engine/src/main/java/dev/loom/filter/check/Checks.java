package dev.loom.filter.check;

import dev.loom.filter.analysis.ControlFlow;
import dev.loom.filter.analysis.RegionInterior;
import dev.loom.filter.diagnostic.Diagnostics;
import dev.loom.filter.diagnostic.Span;
import dev.loom.filter.forecast.Outlook;
import dev.loom.filter.plan.MethodId;
import dev.loom.filter.resolve.ClassTable;
import dev.loom.filter.resolve.Resolution;
import dev.loom.filter.resolve.ResolvedConstraint;
import dev.loom.filter.resolve.ResolvedEvent;
import dev.loom.filter.resolve.ResolvedRegion;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.objectweb.asm.tree.MethodNode;

/** All the checks, and how they are run. */
public final class Checks {

    private static final List<RegionCheck> OF_REGIONS = List.of(
            new ShapeCheck(),
            new SuspendCheck(),
            new ConstructorCheck(),
            new ConstructorKeyCheck(),
            new TableCheck(),
            new JdkCheck(),
            new SynchronizedMethodCheck(),
            new MonitorCheck());

    private static final List<RegionCheck> OF_EVENTS = List.of(new ConstructorCheck(), new TableCheck(), new JdkCheck());

    private Checks() {}

    /** Says what there is to say about a filter. */
    public static void run(Resolution resolution, ClassTable classes, Diagnostics out) {
        Map<MethodNode, ControlFlow> codes = new IdentityHashMap<>();
        List<List<List<RegionView>>> views = new ArrayList<>();
        Map<MethodId, Span> spans = new HashMap<>();
        ReachableMethods reach = new ReachableMethods(classes);
        BlockingCheck blocking = new BlockingCheck(reach);
        HotPatchCheck hotPatch = new HotPatchCheck(classes);
        for (ResolvedConstraint constraint : resolution.constraints()) {
            List<List<RegionView>> sides = new ArrayList<>();
            for (List<ResolvedRegion> side : constraint.sides()) {
                sides.add(side.stream().map(r -> view(r, codes)).toList());
            }
            views.add(sides);
            for (RegionView view : sides.stream().flatMap(List::stream).toList()) {
                OF_REGIONS.forEach(check -> check.check(view, out));
                blocking.check(view, out);
                hotPatch.check(view.body(), new Outlook.Part(view.region().entries(), view.region().exits()), view.span(), out);
                spans.putIfAbsent(view.body().id(), view.span());
            }
            for (ResolvedEvent event : constraint.events()) {
                RegionView view = view(event.asRegion(), codes);
                OF_EVENTS.forEach(check -> check.check(view, out));
                EventMonitorCheck.check(event, view, out);
                SuspendCheck.checkEvent(view, out);
                spans.putIfAbsent(view.body().id(), view.span());
            }
            OrderCheck.check(constraint, codes, out);
            for (ResolvedEvent event : constraint.events()) {
                SortedSet<Integer> line = new TreeSet<>(List.of(event.line()));
                hotPatch.check(event.body(), new Outlook.Part(line, line), event.span(), out);
            }
        }
        SharedUpgradeCheck.check(resolution.constraints(), views, reach, out);
        ConstraintView all = new ConstraintView(resolution.constraints(), views, reach, classes, out);
        new LockOrderCheck(all).run();
        new ClassInitCheck(all).run();
        if (!out.hasErrors()) {
            new WeavingCheck(classes, spans, out).check(resolution.plan());
        }
    }

    private static RegionView view(ResolvedRegion region, Map<MethodNode, ControlFlow> codes) {
        ControlFlow code = codes.computeIfAbsent(region.body().method(), Subroutines::code);
        return new RegionView(region, code, RegionInterior.of(code, region.entries(), region.exits()));
    }
}
