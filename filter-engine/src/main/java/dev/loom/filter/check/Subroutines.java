package dev.loom.filter.check;

import dev.loom.filter.analysis.ControlFlow;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.commons.JSRInlinerAdapter;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.MethodNode;

/** Bodies of old class files, whose {@code finally} blocks are subroutines, with the subroutines written out. */
final class Subroutines {

    private Subroutines() {}

    /** The control flow of a body without subroutines. */
    static ControlFlow code(MethodNode method) {
        for (AbstractInsnNode node : method.instructions) {
            if (node.getOpcode() == Opcodes.JSR) {
                JSRInlinerAdapter inlined =
                        new JSRInlinerAdapter(null, method.access, method.name, method.desc, method.signature, null);
                method.accept(inlined);
                return ControlFlow.of(inlined);
            }
        }
        return ControlFlow.of(method);
    }
}
