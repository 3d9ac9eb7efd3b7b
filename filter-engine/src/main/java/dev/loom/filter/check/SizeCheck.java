package dev.loom.filter.check;

import dev.loom.filter.analysis.SwitchPoints;
import dev.loom.filter.diagnostic.Code;
import dev.loom.filter.diagnostic.Diagnostics;
import org.objectweb.asm.commons.CodeSizeEvaluator;

/** Whether the method stays within the limits of the class file and of the JIT when hooks are added. */
final class SizeCheck implements RegionCheck {

    /** Most bytes of code in a method (JVMS 4.7.3). */
    private static final int CLASS_FILE = 65_535;

    /** HotSpot does not compile methods above this many bytes. */
    private static final int JIT = SwitchPoints.HUGE_METHOD;

    /** Bytes of one entry hook and what it saves; measured on woven bodies, rounded up. */
    private static final int ENTRY = 40;

    /** Bytes of one exit hook, rounded up. */
    private static final int EXIT = 16;

    @Override
    public void check(RegionView view, Diagnostics out) {
        CodeSizeEvaluator size = new CodeSizeEvaluator(null);
        view.code().method().accept(size);
        int before = size.getMaxSize();
        int returns = 0;
        for (int i = 0; i < view.code().size(); i++) {
            if (view.interior().interior().get(i) && dev.loom.filter.analysis.Code.isReturn(view.code().insn(i))) {
                returns++;
            }
        }
        int exits = view.interior().exitTargets().size() + view.interior().exitEdges().size() + returns + 1;
        int after = before + ENTRY * view.interior().entries().size() + EXIT * exits;
        if (after > CLASS_FILE) {
            out.report(
                    Code.TOO_LARGE,
                    view.span(),
                    view.body().shown() + " has up to " + before + " bytes of code and would have up to " + after
                            + " with its hooks; "
                            + CLASS_FILE + " is the limit of a class file",
                    "name a smaller method that the race goes through");
        } else if (before <= JIT && after > JIT) {
            out.report(
                    Code.JIT_LIMIT,
                    view.span(),
                    view.body().shown() + " has up to " + before + " bytes of code and would have up to " + after
                            + " with its hooks: above " + JIT + " the JIT does not compile it",
                    "name a smaller method, or run the JVM with -XX:-DontCompileHugeMethods");
        }
    }
}
