package dev.loom.ctl;

import dev.loom.filter.classes.ClassSource;
import dev.loom.filter.plan.ConstraintPlan;
import dev.loom.filter.plan.EventPlan;
import dev.loom.filter.plan.MethodPlan;
import dev.loom.filter.plan.RegionPlan;
import dev.loom.filter.plan.WeavingPlan;
import dev.loom.filter.weave.Outlook;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A plan in words: the constraints, then each method with its hooks. */
final class PlanText {

    private PlanText() {}

    /** The plan, and of each method which of its lines a running frame can leave from; null where there are no classes. */
    static String of(WeavingPlan plan, @Nullable ClassSource classes) {
        StringBuilder out = new StringBuilder("filter ").append(plan.filter()).append('\n');
        for (ConstraintPlan constraint : plan.constraints()) {
            out.append("  constraint ").append(constraint.index()).append(constraint.observe() ? " (observe): " : ": ")
                    .append(constraint.canonicalText()).append('\n');
        }
        for (MethodPlan method : plan.methods()) {
            out.append('\n').append(method.method()).append("  ").append(method.bodyDigest()).append('\n');
            method.regions().forEach(region -> region(region, out));
            method.events().forEach(event -> event(event, out));
            if (classes != null) {
                outlook(method, classes, out);
            }
        }
        if (!plan.waitingFor().isEmpty()) {
            out.append("\nwaiting for ").append(String.join(", ", plan.waitingFor()).replace('/', '.')).append('\n');
        }
        return out.toString();
    }

    /** What evacuation will be able to do: where frames move to new code, where they are in the way, where they may stay. */
    private static void outlook(MethodPlan method, ClassSource classes, StringBuilder out) {
        List<Outlook.Part> parts = new ArrayList<>();
        method.regions().forEach(r -> parts.add(new Outlook.Part(r.entryLines(), r.exitLines())));
        method.events().forEach(e -> {
            SortedSet<Integer> line = new TreeSet<>(List.of(e.line()));
            parts.add(new Outlook.Part(line, line));
        });
        Optional<byte[]> file = classes.find(method.method().owner());
        if (file.isEmpty()) {
            return;
        }
        Outlook outlook;
        try {
            outlook = Outlook.of(file.get(), Map.of(method.method().key(), parts), classes::find).get(method.method().key());
        } catch (RuntimeException e) {
            out.append("  running frames: cannot be told: ").append(e.getMessage()).append('\n');
            return;
        }
        if (outlook == null) {
            return;
        }
        out.append("  running frames\n");
        out.append("    move to the new code ").append(outlook.switching().isEmpty() ? "nowhere: they stay until they return"
                : "behind " + lines(outlook.switching())).append('\n');
        SortedSet<Integer> unsafe = new TreeSet<>(outlook.unsafe().anywhere());
        unsafe.removeIf(line -> line < 0);
        if (!unsafe.isEmpty()) {
            out.append("    are in the way at ").append(lines(unsafe)).append('\n');
        }
        for (Outlook.Stuck stuck : outlook.stuck()) {
            out.append("    may stay in the way ").append(stuck.call().isEmpty() ? "in the loop " : "in " + stuck.call() + ", ")
                    .append(stuck.first() < 0 ? "in code without lines" : stuck.first() == stuck.last() ? "line " + stuck.first()
                            : "lines " + stuck.first() + " to " + stuck.last())
                    .append(": ").append(stuck.why()).append('\n');
        }
        outlook.skipped().forEach((reason, count) -> out.append("    ").append(count).append(count == 1 ? " place" : " places")
                .append(" without a switch point: ").append(reason.text()).append('\n'));
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
                .append(count(event)).append(event.key() == null ? "" : " by " + event.key().text())
                .append(event.position() == 0
                        ? "\n    has completed behind line " + event.line() + '\n'
                        : "\n    waits before line " + event.line() + " for event " + event.position() + ", has completed behind it\n");
    }

    private static String count(EventPlan event) {
        return event.countKey() != null ? " {" + event.countKey().text() + "}" : event.count() == 1 ? "" : " {" + event.count() + "}";
    }

    private static String lines(SortedSet<Integer> lines) {
        return (lines.size() == 1 ? "line " : "lines ") + lines.stream().map(String::valueOf).collect(Collectors.joining(", "));
    }
}
