package dev.loom.filter.check;

import dev.loom.filter.analysis.ControlFlow;
import dev.loom.filter.analysis.RegionInterior;
import dev.loom.filter.diagnostic.DiagnosticCode;
import dev.loom.filter.diagnostic.Diagnostics;
import dev.loom.filter.resolve.ResolvedConstraint;
import dev.loom.filter.resolve.ResolvedEvent;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import org.objectweb.asm.tree.MethodNode;

/** Whether every thread that comes to an event has passed a later one before: the order could then never be kept. */
final class OrderCheck {

    private OrderCheck() {}

    static void check(ResolvedConstraint constraint, Map<MethodNode, ControlFlow> codes, Diagnostics out) {
        List<ResolvedEvent> events = constraint.events();
        for (int i = 0; i < events.size(); i++) {
            for (int j = i + 1; j < events.size(); j++) {
                ResolvedEvent first = events.get(i);
                ResolvedEvent second = events.get(j);
                if (first.body().equals(second.body()) && first.position() < second.position()) {
                    check(first, second, codes.computeIfAbsent(first.body().method(), Subroutines::code), out);
                }
            }
        }
    }

    private static void check(ResolvedEvent first, ResolvedEvent second, ControlFlow code, Diagnostics out) {
        BitSet blocked = new BitSet();
        RegionInterior.entriesOf(code, second.line()).forEach(blocked::set);
        BitSet before = code.reachable(List.of(0), blocked);
        if (RegionInterior.entriesOf(code, first.line()).stream().noneMatch(before::get)) {
            out.report(
                    DiagnosticCode.ORDER_IMPOSSIBLE,
                    second.span(),
                    first.line() == second.line()
                            ? "line " + first.line() + " cannot come before itself"
                            : "every thread comes to line " + second.line() + " of " + second.body().shownName()
                                    + " before it comes to line "
                                    + first.line() + ", so it would wait for what only follows",
                    "turn the order round, or name the event of the other thread");
        }
    }
}
