package dev.loom.filter.check;

import dev.loom.filter.analysis.ControlFlow;
import dev.loom.filter.diagnostic.DiagnosticCode;
import dev.loom.filter.diagnostic.Diagnostics;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;

/** Whether a region of lines in a constructor would start before the object exists. */
final class ConstructorCheck implements RegionCheck {

    @Override
    public void check(RegionView view, Diagnostics out) {
        if (!view.body().isConstructor() || view.region().isWholeMethod()) {
            return;
        }
        int constructed = constructorCall(view.code());
        for (int entry : view.interior().entries()) {
            if (entry <= constructed) {
                int line = view.code().line(entry);
                out.report(
                        DiagnosticCode.BEFORE_SUPER,
                        view.region().spanOf(line),
                        "line " + line + " of " + view.body().shown() + " begins before super(...) or this(...) has returned",
                        "start at a later line, or name the whole constructor, whose region starts behind that call: "
                                + view.body().shown());
            }
        }
    }

    /** Index of the call of the other constructor; -1 if there is none. */
    private static int constructorCall(ControlFlow code) {
        int made = 0;
        for (int i = 0; i < code.size(); i++) {
            AbstractInsnNode insn = code.insn(i);
            if (insn.getOpcode() == Opcodes.NEW) {
                made++;
            } else if (insn.getOpcode() == Opcodes.INVOKESPECIAL && ((MethodInsnNode) insn).name.equals("<init>")) {
                if (made == 0) {
                    return i;
                }
                made--;
            }
        }
        return -1;
    }
}
