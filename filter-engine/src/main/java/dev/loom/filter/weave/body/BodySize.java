package dev.loom.filter.weave.body;

import org.objectweb.asm.MethodTooLargeException;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.commons.CodeSizeEvaluator;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * Keeps bodies that cannot fit (JVMS 4.7.3) from ASM's writer. It is meant to refuse them itself, at the end; but version 9.11 keeps the
 * jumps to a label that is still to come as a list in the code, by offsets of two bytes, and in a larger body goes round in it for ever.
 */
public final class BodySize {

    private static final int LIMIT = 65_535;

    private BodySize() {}

    /** Refuses a body that may be too large as it is. At most a byte for each constant, and three for each switch, are too many. */
    public static void check(String owner, MethodNode method) {
        int size = 0;
        for (AbstractInsnNode insn : method.instructions) {
            size += size(insn);
        }
        refuse(owner, method, size);
    }

    /** The same if the writer may still lengthen its jumps. */
    static void checkWithLongJumps(String owner, MethodNode method) {
        CodeSizeEvaluator size = new CodeSizeEvaluator(null);
        method.accept(size);
        refuse(owner, method, size.getMaxSize());
    }

    private static void refuse(String owner, MethodNode method, int size) {
        if (size > LIMIT) {
            throw new MethodTooLargeException(owner, method.name, method.desc, size);
        }
    }

    private static int size(AbstractInsnNode insn) {
        if (insn instanceof JumpInsnNode) {
            return insn.getOpcode() > Opcodes.IFNONNULL ? 5 : 3;
        }
        CodeSizeEvaluator size = new CodeSizeEvaluator(null);
        insn.accept(size);
        return size.getMaxSize();
    }
}
