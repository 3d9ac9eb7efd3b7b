package dev.loom.filter.check;

import dev.loom.filter.analysis.ControlFlow;
import dev.loom.filter.analysis.Monitors;
import dev.loom.filter.diagnostic.DiagnosticCode;
import dev.loom.filter.diagnostic.Diagnostics;
import java.util.BitSet;
import java.util.List;

/** Whether the region is entered inside a monitor and left outside it, or the reverse. */
final class MonitorCheck implements RegionCheck {

    @Override
    public void check(RegionView view, Diagnostics out) {
        List<Integer> entries = view.interior().entries();
        if (entries.isEmpty()) {
            return;
        }
        Monitors monitors = Monitors.of(view.code());
        int least = entries.stream().mapToInt(monitors::before).min().getAsInt();
        int most = entries.stream().mapToInt(monitors::before).max().getAsInt();
        BitSet interior = view.interior().interior();
        for (int i = interior.nextSetBit(0); i >= 0; i = interior.nextSetBit(i + 1)) {
            if (ControlFlow.isReturn(view.code().insn(i))) {
                report(view, monitors, least, most, i, out);
            }
            // an exception that leaves passes the compiler's handler, which stands outside and lets the monitor go: not these
            for (int to : view.code().successors(i)) {
                int target = view.code().real(to);
                if (target < view.code().size() && !interior.get(target)) {
                    report(view, monitors, least, most, target, out);
                }
            }
        }
        view.interior().exitEdges().forEach(e -> report(view, monitors, least, most, view.code().real(e.to()), out));
    }

    private static void report(RegionView view, Monitors monitors, int least, int most, int left, Diagnostics out) {
        int held = monitors.before(left);
        if (held >= most && held <= least) {
            return;
        }
        boolean outside = held < most;
        out.report(
                DiagnosticCode.MONITOR_IMBALANCE,
                view.span(),
                "this region is entered " + (outside ? "inside" : "outside") + " a synchronized block and left "
                        + (outside ? "behind" : "inside")
                        + " it (towards line " + view.code().line(left) + ")",
                outside
                        ? "start the region before the block: otherwise a thread waits for the region while it holds the monitor"
                        : "end the region behind the block, or start it inside");
    }
}
