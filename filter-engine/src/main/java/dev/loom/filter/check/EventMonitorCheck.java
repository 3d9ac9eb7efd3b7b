package dev.loom.filter.check;

import dev.loom.filter.analysis.Monitors;
import dev.loom.filter.diagnostic.DiagnosticCode;
import dev.loom.filter.diagnostic.Diagnostics;
import dev.loom.filter.resolve.ResolvedEvent;
import org.objectweb.asm.Opcodes;

/** Whether a thread would wait for an event while it holds a monitor, which whoever completes the event may need. */
final class EventMonitorCheck {

    private EventMonitorCheck() {}

    static void check(ResolvedEvent event, RegionView view, Diagnostics out) {
        if (event.position() == 0) {
            return; // the first waits for nothing
        }
        boolean isSynchronized = view.body().has(Opcodes.ACC_SYNCHRONIZED);
        Monitors monitors = Monitors.of(view.code());
        if (isSynchronized || view.interior().entries().stream().anyMatch(entry -> monitors.before(entry) > 0)) {
            out.report(
                    DiagnosticCode.EVENT_IN_MONITOR,
                    view.span(),
                    "a thread that comes here waits inside a synchronized " + (isSynchronized ? "method" : "block")
                            + "; if whoever is to complete the event before needs that monitor too, only the time bound ends the wait",
                    "name a line before the monitor is entered, or keep the bound short: within 1s");
        }
    }
}
