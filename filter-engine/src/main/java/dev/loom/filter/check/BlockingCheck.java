package dev.loom.filter.check;

import dev.loom.filter.analysis.BlockingCalls;
import dev.loom.filter.diagnostic.Code;
import dev.loom.filter.diagnostic.Diagnostics;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;

/** Whether a thread can wait for something else while it is in the region. */
final class BlockingCheck implements RegionCheck {

    /** Calls named in one remark. */
    private static final int SHOWN = 3;

    @Override
    public void check(RegionView view, Diagnostics out) {
        List<String> calls = new ArrayList<>();
        BitSet interior = view.interior().interior();
        for (int i = interior.nextSetBit(0); i >= 0; i = interior.nextSetBit(i + 1)) {
            AbstractInsnNode insn = view.code().insn(i);
            if (BlockingCalls.isBlocking(insn) && !isString((MethodInsnNode) insn)) {
                MethodInsnNode call = (MethodInsnNode) insn;
                int line = view.code().line(i);
                String name = call.owner.substring(call.owner.lastIndexOf('/') + 1).replace('$', '.') + "." + call.name;
                String shown = name + (line > 0 ? " in line " + line : "");
                if (!calls.contains(shown)) {
                    calls.add(shown);
                }
            }
        }
        if (!calls.isEmpty()) {
            String more = calls.size() > SHOWN ? " and " + (calls.size() - SHOWN) + " more" : "";
            out.report(
                    Code.BLOCKING_CALL,
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
}
