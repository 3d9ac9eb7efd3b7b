package dev.loom.filter.check;

import dev.loom.filter.analysis.BlockingCalls;
import dev.loom.filter.classes.JdkClasses;
import dev.loom.filter.diagnostic.DiagnosticCode;
import dev.loom.filter.diagnostic.Diagnostics;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.LineNumberNode;
import org.objectweb.asm.tree.MethodInsnNode;

/**
 * Whether a thread can wait for something else while it is in the region: by a call of its own, or in a method that it calls. Of the
 * latter only what is made for waiting counts; nearly everything comes to some input or output in the end.
 */
final class BlockingCheck implements RegionCheck {

    /** Calls on the way to a wait, at most: the farther it is, the less likely is the path. */
    private static final int MAX_DEPTH = 4;

    private static final Set<String> WAITS = Set.of(
            "wait", "sleep", "join", "take", "takeFirst", "takeLast", "await", "awaitNanos", "awaitUntil", "awaitTermination",
            "awaitUninterruptibly", "arriveAndAwaitAdvance", "park", "parkNanos", "parkUntil", "waitFor", "exchange", "invokeAll",
            "invokeAny");

    /** Calls named in one remark. */
    private static final int SHOWN = 3;

    private final ReachableMethods reach;

    BlockingCheck(ReachableMethods reach) {
        this.reach = reach;
    }

    @Override
    public void check(RegionView view, Diagnostics out) {
        List<String> calls = new ArrayList<>();
        BitSet interior = view.interior().interior();
        for (int i = interior.nextSetBit(0); i >= 0; i = interior.nextSetBit(i + 1)) {
            AbstractInsnNode insn = view.code().insn(i);
            if (BlockingCalls.isBlocking(insn) && !isString((MethodInsnNode) insn)) {
                MethodInsnNode call = (MethodInsnNode) insn;
                int line = view.code().line(i);
                String shown = name(call) + (line > 0 ? " in line " + line : "");
                if (!calls.contains(shown)) {
                    calls.add(shown);
                }
            }
        }
        for (ReachableMethods.Step step : reach.from(view)) {
            if (step.depth() <= MAX_DEPTH && !JdkClasses.isJdk(step.body().owner().name)) {
                deeper(step, view, calls);
            }
        }
        if (!calls.isEmpty()) {
            String more = calls.size() > SHOWN ? " and " + (calls.size() - SHOWN) + " more" : "";
            out.report(
                    DiagnosticCode.BLOCKING_CALL,
                    view.span(),
                    "a thread can wait inside this region: " + String.join(", ", calls.subList(0, Math.min(SHOWN, calls.size())))
                            + more
                            + "; all others then wait for it",
                    "let the region end before the call, or start behind it");
        }
    }

    /** {@code String.join} has the name of a call that waits. */
    private static boolean isString(MethodInsnNode call) {
        return call.owner.equals("java/lang/String");
    }

    private static void deeper(ReachableMethods.Step step, RegionView view, List<String> calls) {
        int line = 0;
        for (AbstractInsnNode insn : step.body().method().instructions) {
            if (insn instanceof LineNumberNode number) {
                line = number.line;
            } else if (insn instanceof MethodInsnNode call && WAITS.contains(call.name) && BlockingCalls.isBlocking(call)
                    && !isString(call)) {
                calls.add(name(call) + (line > 0 ? " in line " + line : "") + " of " + step.body().shownName() + " (by "
                        + step.path(view) + ")");
                return;
            }
        }
    }

    private static String name(MethodInsnNode call) {
        return call.owner.substring(call.owner.lastIndexOf('/') + 1).replace('$', '.') + "." + call.name;
    }
}
