package dev.loom.filter.check;

import dev.loom.filter.diagnostic.DiagnosticCode;
import dev.loom.filter.diagnostic.Diagnostics;
import dev.loom.filter.diagnostic.Printable;
import dev.loom.filter.syntax.Key;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.LineNumberNode;
import org.objectweb.asm.tree.MethodNode;

/** Whether the class was compiled with its tables of lines and variables. */
final class TableCheck implements RegionCheck {

    @Override
    public void check(RegionView view, Diagnostics out) {
        ClassNode owner = view.body().owner();
        String name = owner.name.replace('/', '.');
        if (owner.methods.stream().noneMatch(TableCheck::hasLines)) {
            out.report(
                    DiagnosticCode.NO_LINE_TABLE,
                    view.span(),
                    name + " was compiled without line numbers: stack traces cannot show where in a region a thread is",
                    "compile it with -g:lines if you can; whole methods can be named all the same");
        }
        Key key = view.region().source().key();
        boolean variables = owner.methods.stream().anyMatch(m -> m.localVariables != null && !m.localVariables.isEmpty());
        if (!variables && key != null && key.base() instanceof Key.Base.Variable variable) {
            String shown = Printable.of(variable.name().text());
            out.report(
                    DiagnosticCode.NO_VARIABLE_TABLE,
                    view.span(),
                    name + " was compiled without the names of variables, so " + shown
                            + " is taken for a field; a parameter or local variable of that name cannot be seen",
                    "write this." + shown + " for the field and $1, $2 … for parameters, or compile it with -g");
        }
    }

    private static boolean hasLines(MethodNode method) {
        for (AbstractInsnNode node : method.instructions) {
            if (node instanceof LineNumberNode) {
                return true;
            }
        }
        return false;
    }
}
