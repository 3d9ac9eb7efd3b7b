package dev.loom.filter.check;

import dev.loom.filter.diagnostic.DiagnosticCode;
import dev.loom.filter.diagnostic.Diagnostics;
import java.util.SortedSet;
import java.util.TreeSet;

/** Whether the region can be left where it says and entered only where it says. */
final class ShapeCheck implements RegionCheck {

    @Override
    public void check(RegionView view, Diagnostics out) {
        if (SuspendCheck.suspends(view)) {
            return; // it is refused for that; the way back into a coroutine is a jump too
        }
        for (int line : view.interior().unreachedExits()) {
            out.report(
                    DiagnosticCode.EXIT_UNREACHABLE,
                    view.region().spanOf(line),
                    "line " + line + " cannot be reached from " + entries(view) + " in " + view.body().shown(),
                    "name an exit that the code behind the entry comes to, or a region of the whole method: "
                            + view.body().shownName());
        }
        for (int line : view.interior().deadEntries()) {
            out.report(
                    DiagnosticCode.EXIT_UNREACHABLE,
                    view.region().spanOf(line),
                    "no exit of the region can be reached from line " + line + " in " + view.body().shown(),
                    "leave this entry out, or name an exit that the code behind it comes to");
        }
        if (!view.interior().unreachedExits().isEmpty()) {
            return; // what is inside is then a guess
        }
        for (int line : view.interior().jumpsIn()) {
            out.report(
                    DiagnosticCode.JUMP_INTO_REGION,
                    view.span(),
                    (line > 0 ? "line " + line : "code without a line number") + " of " + view.body().shownName()
                            + " jumps into this region without passing an entry",
                    SuspendCheck.isCoroutine(view) ? SuspendCheck.hint(view) : line > 0 ? "make the line that it jumps to an entry too, or start the region before line " + line
                            : "start the region earlier");
        }
    }

    private static String entries(RegionView view) {
        SortedSet<Integer> lines = new TreeSet<>(view.region().entries());
        return (lines.size() == 1 ? "line " : "lines ") + String.join(", ", lines.stream().map(String::valueOf).toList());
    }
}
