package dev.loom.filter.check;

import dev.loom.filter.diagnostic.DiagnosticCode;
import dev.loom.filter.diagnostic.Diagnostics;
import org.objectweb.asm.Opcodes;

/** Says that the region of a synchronized method starts when its monitor is already held. */
final class SynchronizedMethodCheck implements RegionCheck {

    @Override
    public void check(RegionView view, Diagnostics out) {
        if (view.region().isWholeMethod() && view.body().has(Opcodes.ACC_SYNCHRONIZED)) {
            out.report(
                    DiagnosticCode.SYNCHRONIZED_METHOD,
                    view.span(),
                    view.body().shown() + " is synchronized: its region starts inside its monitor, so a thread that waits for the"
                            + " region holds the monitor",
                    "to wait without the monitor, name the code that calls it");
        }
    }
}
