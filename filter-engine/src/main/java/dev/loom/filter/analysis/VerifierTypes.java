package dev.loom.filter.analysis;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Label;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.commons.AnalyzerAdapter;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * The verification types (JVMS 4.10.1.2) of the locals before each instruction with an empty operand stack, from the method's own
 * stack map frames: one linear pass, nothing merged and no class looked up.
 */
public final class VerifierTypes {

    private final Object[][] locals;

    private VerifierTypes(Object[][] locals) {
        this.locals = locals;
    }

    /** Reads a body whose frames are expanded ({@code ClassReader.EXPAND_FRAMES}) and complete. */
    public static VerifierTypes of(String owner, MethodNode method) {
        AnalyzerAdapter adapter =
                new AnalyzerAdapter(Opcodes.ASM9, owner, method.access, method.name, method.desc, null) {};
        Object[][] locals = new Object[method.instructions.size()][];
        int i = 0;
        for (AbstractInsnNode insn = method.instructions.getFirst(); insn != null; insn = insn.getNext(), i++) {
            if (adapter.locals != null && adapter.stack != null && adapter.stack.isEmpty()) {
                locals[i] = adapter.locals.toArray();
            }
            insn.accept(adapter);
        }
        return new VerifierTypes(locals);
    }

    /**
     * Types by slot before an instruction: {@code Opcodes.INTEGER} and so on (long and double are followed by {@code TOP}), the
     * internal name of a class, or {@code null} where the stack is not empty or no path leads there.
     */
    public Object @Nullable [] before(int index) {
        return locals[index];
    }

    /** Whether a local holds an object whose constructor has not run: it cannot be moved to another frame. */
    public static boolean hasUninitialized(Object[] types) {
        for (Object type : types) {
            if (type instanceof Label || type == Opcodes.UNINITIALIZED_THIS) {
                return true;
            }
        }
        return false;
    }

    /** The types as a frame of the tree API lists them: long and double once, without the {@code TOP} behind. */
    public static List<Object> compact(Object[] types) {
        List<Object> list = new ArrayList<>();
        for (int i = 0; i < types.length; i++) {
            list.add(types[i]);
            if (types[i] == Opcodes.LONG || types[i] == Opcodes.DOUBLE) {
                i++;
            }
        }
        return list;
    }
}
