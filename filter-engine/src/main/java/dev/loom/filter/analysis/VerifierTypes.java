package dev.loom.filter.analysis;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Label;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.commons.AnalyzerAdapter;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FrameNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * The verification types (JVMS 4.10.1.2) of the locals before each instruction, from the method's own stack map
 * frames: one linear pass, nothing merged and no class looked up.
 */
public final class VerifierTypes {

    /** Types kept for one body; hundreds of times what the largest method of a library has. */
    private static final long MAX_KEPT = 16_000_000;

    private final Object[][] locals;
    private final BitSet emptyStack;

    private VerifierTypes(Object[][] locals, BitSet emptyStack) {
        this.locals = locals;
        this.emptyStack = emptyStack;
    }

    /** Reads a body whose frames are expanded ({@code ClassReader.EXPAND_FRAMES}) and complete. */
    public static VerifierTypes of(String owner, MethodNode method) {
        AnalyzerAdapter adapter =
                new AnalyzerAdapter(Opcodes.ASM9, owner, method.access, method.name, method.desc, null) {};
        Object[][] locals = new Object[method.instructions.size()][];
        BitSet emptyStack = new BitSet(locals.length);
        Object[] now = null;
        boolean isStale = true;
        long kept = 0;
        int i = 0;
        for (AbstractInsnNode insn = method.instructions.getFirst(); insn != null; insn = insn.getNext(), i++) {
            if (adapter.locals == null) {
                isStale = true;
            } else {
                if (isStale) {
                    now = adapter.locals.toArray();
                    kept += now.length;
                    if (kept > MAX_KEPT) {
                        throw new IllegalArgumentException("the code of " + method.name + " has too many variables");
                    }
                    isStale = false;
                }
                locals[i] = now;
                emptyStack.set(i, adapter.stack.isEmpty());
            }
            insn.accept(adapter);
            isStale |= mayChangeLocals(insn);
        }
        return new VerifierTypes(locals, emptyStack);
    }

    private static boolean mayChangeLocals(AbstractInsnNode insn) {
        int opcode = insn.getOpcode();
        return insn instanceof FrameNode
                || opcode >= Opcodes.ISTORE && opcode <= Opcodes.ASTORE
                || opcode == Opcodes.INVOKESPECIAL // a constructor: what was under construction is an object now
                || opcode == Opcodes.IINC;
    }

    /**
     * Types by slot before an instruction: {@code Opcodes.INTEGER} and so on (long and double are followed by {@code TOP}), the
     * internal name of a class, or {@code null} where the stack is not empty or no path leads there.
     */
    public Object @Nullable [] before(int index) {
        return emptyStack.get(index) ? locals[index] : null;
    }

    /** The same, whatever is on the stack; {@code null} where no path leads. */
    public Object @Nullable [] localsBefore(int index) {
        return locals[index];
    }

    /** Whether something is on the stack before an instruction that can be reached. */
    public boolean hasOperands(int index) {
        return locals[index] != null && !emptyStack.get(index);
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
