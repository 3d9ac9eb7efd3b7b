package dev.loom.filter.check;

import dev.loom.filter.analysis.Monitors;
import dev.loom.filter.diagnostic.Code;
import dev.loom.filter.diagnostic.Diagnostics;
import dev.loom.filter.plan.ConstraintPlan;
import dev.loom.filter.resolve.Body;
import dev.loom.filter.resolve.ResolvedConstraint;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;

/**
 * Whether two constraints, or a constraint and monitors of the application, can be taken in opposite orders. Monitors are told
 * apart by the class of their object, so two objects of one class look like one: a warning, never an error.
 */
final class LockOrderCheck {

    private final List<ResolvedConstraint> constraints;
    private final List<List<List<RegionView>>> views;
    private final Reach reach;
    private final Diagnostics out;

    LockOrderCheck(List<ResolvedConstraint> constraints, List<List<List<RegionView>>> views, Reach reach, Diagnostics out) {
        this.constraints = constraints;
        this.views = views;
        this.reach = reach;
        this.out = out;
    }

    /** One lock taken while another is held. */
    private record Edge(RegionView region, String path) {}

    void run() {
        for (int a = 0; a < constraints.size(); a++) {
            if (!isLock(a)) {
                continue;
            }
            monitors(a);
            for (int b = a + 1; b < constraints.size(); b++) {
                Edge there = isLock(b) ? edge(a, b) : null;
                Edge back = there == null ? null : edge(b, a);
                if (there != null && back != null) {
                    out.report(
                            Code.LOCK_ORDER,
                            constraints.get(b).span(),
                            "this constraint and the one in line " + constraints.get(a).span().line()
                                    + " can be taken in opposite orders: "
                                    + there.path() + " and " + back.path(),
                            "make one constraint of the two, or let one region end before the other begins");
                }
            }
        }
    }

    private boolean isLock(int constraint) {
        return constraints.get(constraint).plan() instanceof ConstraintPlan.Exclusion
                && !constraints.get(constraint).plan().observe();
    }

    private List<RegionView> regions(int constraint) {
        return views.get(constraint).stream().flatMap(List::stream).toList();
    }

    private @Nullable Edge edge(int held, int taken) {
        for (RegionView from : regions(held)) {
            for (RegionView to : regions(taken)) {
                String path = from.region().equals(to.region()) ? null : SharedUpgradeCheck.path(from, to, reach);
                if (path != null) {
                    return new Edge(from, from.region().location() + " comes to " + to.region().location() + " (" + path + ")");
                }
            }
        }
        return null;
    }

    /** Monitors that are held when a region of the constraint is entered, and taken in another that is entered without. */
    private void monitors(int constraint) {
        Map<String, RegionView> heldAtEntry = new LinkedHashMap<>();
        for (RegionView region : regions(constraint)) {
            String monitor = monitorAtEntry(region);
            if (monitor != null) {
                heldAtEntry.putIfAbsent(monitor, region);
            }
        }
        for (RegionView region : regions(constraint)) {
            String own = monitorAtEntry(region);
            for (Reach.Step step : reach.from(region)) {
                String monitor = monitorOf(step.body());
                if (monitor != null && !monitor.equals(own) && heldAtEntry.containsKey(monitor)) {
                    out.report(
                            Code.LOCK_ORDER,
                            region.span(),
                            "this region and the monitor of " + monitor.replace('/', '.') + " can be taken in opposite orders: "
                                    + heldAtEntry.get(monitor).region().location()
                                            + " is entered with the monitor held, and from here "
                                    + step.body().shownName() + " takes it (" + step.path(region) + ")",
                            "name the code that calls the synchronized method, so that the region is taken first");
                    return;
                }
            }
        }
    }

    /** The monitor of the method's own object or class that is held at the entry of a region; null if none. */
    private static @Nullable String monitorAtEntry(RegionView region) {
        if (region.body().has(Opcodes.ACC_SYNCHRONIZED)) {
            return monitorOf(region.body());
        }
        List<Integer> entries = region.interior().entries();
        boolean inside = !region.region().isWholeMethod()
                && entries.stream().anyMatch(e -> Monitors.of(region.code()).before(e) > 0);
        return inside && !region.body().isStatic() ? region.body().owner().name : null;
    }

    /** The monitor that a synchronized method takes: its class's name for an object, with a mark for the class itself. */
    private static @Nullable String monitorOf(Body body) {
        return body.has(Opcodes.ACC_SYNCHRONIZED) ? body.owner().name + (body.isStatic() ? ".class" : "") : null;
    }
}
