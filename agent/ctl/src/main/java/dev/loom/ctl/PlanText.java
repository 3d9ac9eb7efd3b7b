package dev.loom.ctl;

import dev.loom.filter.plan.ConstraintPlan;
import dev.loom.filter.plan.EventPlan;
import dev.loom.filter.plan.MethodPlan;
import dev.loom.filter.plan.RegionPlan;
import dev.loom.filter.plan.WeavingPlan;
import java.util.SortedSet;
import java.util.stream.Collectors;

/** A plan in words: the constraints, then each method with its hooks. */
final class PlanText {

    private PlanText() {}

    static String of(WeavingPlan plan) {
        StringBuilder out = new StringBuilder("filter ").append(plan.filter()).append('\n');
        for (ConstraintPlan constraint : plan.constraints()) {
            out.append("  constraint ").append(constraint.index()).append(constraint.observe() ? " (observe): " : ": ")
                    .append(constraint.canonicalText()).append('\n');
        }
        for (MethodPlan method : plan.methods()) {
            out.append('\n').append(method.method()).append("  ").append(method.bodyDigest()).append('\n');
            method.regions().forEach(region -> region(region, out));
            method.events().forEach(event -> event(event, out));
        }
        if (!plan.waitingFor().isEmpty()) {
            out.append("\nwaiting for ").append(String.join(", ", plan.waitingFor()).replace('/', '.')).append('\n');
        }
        return out.toString();
    }

    private static void region(RegionPlan region, StringBuilder out) {
        out.append("  constraint ").append(region.constraint()).append(", side ").append(region.side() + 1)
                .append(region.shared() ? " (shared)" : "").append(region.key() == null ? "" : " by " + region.key().text()).append('\n');
        if (region.isWholeMethod()) {
            out.append("    enters before the first instruction, leaves on each return and throw\n");
        } else {
            out.append("    enters before ").append(lines(region.entryLines())).append(", leaves ")
                    .append(region.exitLines().isEmpty() ? "on each return and throw"
                            : "behind " + lines(region.exitLines()) + " and on every other edge out of the region")
                    .append('\n');
        }
    }

    private static void event(EventPlan event, StringBuilder out) {
        out.append("  constraint ").append(event.constraint()).append(", event ").append(event.position() + 1)
                .append(event.count() == 1 ? "" : " {" + event.count() + "}").append(event.key() == null ? "" : " by " + event.key().text())
                .append("\n    waits before line ").append(event.line()).append(", has completed behind it\n");
    }

    private static String lines(SortedSet<Integer> lines) {
        return (lines.size() == 1 ? "line " : "lines ") + lines.stream().map(String::valueOf).collect(Collectors.joining(", "));
    }
}
