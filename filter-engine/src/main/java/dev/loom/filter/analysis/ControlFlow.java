package dev.loom.filter.analysis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.LineNumberNode;
import org.objectweb.asm.tree.LookupSwitchInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TableSwitchInsnNode;
import org.objectweb.asm.tree.TryCatchBlockNode;

/**
 * The control flow of one method body, instruction by instruction. Labels, line numbers and frames count as instructions that do
 * nothing, so that every index is one of {@link MethodNode#instructions}. Immutable; the method must not change meanwhile.
 */
public final class ControlFlow {

    private static final int[] NONE = {};

    private final MethodNode method;
    private final AbstractInsnNode[] insns;
    private final int[][] successors;
    private final int[][] handlers;
    private final int[][] covering;
    private final int[] lines;
    private final int[][] predecessors;

    private ControlFlow(MethodNode method) {
        this.method = method;
        insns = method.instructions.toArray();
        Map<AbstractInsnNode, Integer> index = new HashMap<>(insns.length * 2);
        for (int i = 0; i < insns.length; i++) {
            index.put(insns[i], i);
        }
        lines = new int[insns.length];
        int line = -1;
        for (int i = 0; i < insns.length; i++) {
            if (insns[i] instanceof LineNumberNode number) {
                line = number.line;
            }
            lines[i] = line;
        }
        successors = new int[insns.length][];
        handlers = new int[insns.length][];
        covering = new int[insns.length][];
        for (int i = 0; i < insns.length; i++) {
            successors[i] = successorsOf(i, index);
            handlers[i] = NONE;
            covering[i] = NONE;
        }
        if (method.tryCatchBlocks != null) {
            BitSet closed = new BitSet(insns.length);
            for (TryCatchBlockNode block : method.tryCatchBlocks) {
                int end = index.get(block.end);
                int handler = index.get(block.handler);
                for (int i = index.get(block.start); i < end; i++) {
                    if (insns[i].getOpcode() >= 0 && !closed.get(i)) {
                        covering[i] = append(covering[i], handler);
                        handlers[i] = canThrow(insns[i]) ? covering[i] : NONE;
                    }
                }
                if (block.type == null) {
                    closed.set(index.get(block.start), Math.max(end, index.get(block.start))); // nothing gets past a catch-all
                }
            }
        }
        predecessors = invert();
    }

    /** Reads the control flow of a body. */
    public static ControlFlow of(MethodNode method) {
        return new ControlFlow(method);
    }

    public MethodNode method() {
        return method;
    }

    /** Number of instructions, with those that do nothing. */
    public int size() {
        return insns.length;
    }

    public AbstractInsnNode insn(int index) {
        return insns[index];
    }

    /** Index of an instruction of this body. */
    public int indexOf(AbstractInsnNode insn) {
        return method.instructions.indexOf(insn);
    }

    /** Whether the instruction has an opcode: is neither label, nor line number, nor frame. */
    public boolean isReal(int index) {
        return insns[index].getOpcode() >= 0;
    }

    /** Source line of an instruction, -1 if unknown. */
    public int line(int index) {
        return lines[index];
    }

    /** Where control goes next without an exception. */
    public int[] successors(int index) {
        return successors[index];
    }

    /** Handlers that an exception thrown by the instruction may reach, innermost first. */
    public int[] handlers(int index) {
        return handlers[index];
    }

    /**
     * Handlers whose range holds the instruction, innermost first, whether or not it can throw by itself: an asynchronous exception
     * or an error of the JVM may come anywhere. Empty for what is not real.
     */
    public int[] covering(int index) {
        return covering[index];
    }

    /** Instructions from which control may come, with or without an exception. */
    public int[] predecessors(int index) {
        return predecessors[index];
    }

    /** The instruction itself if it is real, else the next real one; {@link #size()} if there is none. */
    public int real(int index) {
        int i = index;
        while (i < insns.length && insns[i].getOpcode() < 0) {
            i++;
        }
        return i;
    }

    /** What can be reached from some instructions, themselves included, without going through {@code blocked}. */
    public BitSet reachable(List<Integer> from, BitSet blocked) {
        return reachable(from.stream().filter(start -> !blocked.get(start)).toList(), (at, to) -> !blocked.get(to));
    }

    /** What can be reached from some instructions, themselves included, by steps that are allowed. */
    public BitSet reachable(Collection<Integer> from, Steps allowed) {
        BitSet seen = new BitSet(insns.length);
        int[] stack = new int[insns.length + 1];
        int top = 0;
        for (int start : from) {
            if (!seen.get(start)) {
                seen.set(start);
                stack[top++] = start;
            }
        }
        while (top > 0) {
            int at = stack[--top];
            for (int[] next : new int[][] {successors[at], handlers[at]}) {
                for (int to : next) {
                    if (!seen.get(to) && allowed.allow(at, to)) {
                        seen.set(to);
                        stack[top++] = to;
                    }
                }
            }
        }
        return seen;
    }

    /** Which steps of control are followed, with or without an exception. */
    @FunctionalInterface
    public interface Steps {
        boolean allow(int from, int to);
    }

    /** Whether an instruction can throw anything but an asynchronous error. */
    public static boolean canThrow(AbstractInsnNode insn) {
        int opcode = insn.getOpcode();
        return switch (opcode) {
            case Opcodes.IALOAD, Opcodes.LALOAD, Opcodes.FALOAD, Opcodes.DALOAD, Opcodes.AALOAD, Opcodes.BALOAD, Opcodes.CALOAD,
                    Opcodes.SALOAD, Opcodes.IASTORE, Opcodes.LASTORE, Opcodes.FASTORE, Opcodes.DASTORE, Opcodes.AASTORE,
                    Opcodes.BASTORE, Opcodes.CASTORE, Opcodes.SASTORE, Opcodes.IDIV, Opcodes.LDIV, Opcodes.IREM, Opcodes.LREM,
                    Opcodes.GETSTATIC, Opcodes.PUTSTATIC, Opcodes.GETFIELD, Opcodes.PUTFIELD, Opcodes.INVOKEVIRTUAL,
                    Opcodes.INVOKESPECIAL, Opcodes.INVOKESTATIC, Opcodes.INVOKEINTERFACE, Opcodes.INVOKEDYNAMIC, Opcodes.NEW,
                    Opcodes.NEWARRAY, Opcodes.ANEWARRAY, Opcodes.MULTIANEWARRAY, Opcodes.ARRAYLENGTH, Opcodes.ATHROW,
                    Opcodes.CHECKCAST, Opcodes.INSTANCEOF, Opcodes.MONITORENTER, Opcodes.MONITOREXIT -> true;
            case Opcodes.LDC -> {
                Object value = ((LdcInsnNode) insn).cst;
                yield !(value instanceof Number || value instanceof String);
            }
            default -> false;
        };
    }

    /** Whether control ends here: a return or a throw. */
    public static boolean isReturn(AbstractInsnNode insn) {
        int opcode = insn.getOpcode();
        return opcode >= Opcodes.IRETURN && opcode <= Opcodes.RETURN;
    }

    /** Whether control never goes on from an instruction to the next. */
    public static boolean neverGoesOn(AbstractInsnNode insn) {
        int opcode = insn.getOpcode();
        return isReturn(insn) || opcode == Opcodes.GOTO || opcode == Opcodes.ATHROW || insn instanceof TableSwitchInsnNode
                || insn instanceof LookupSwitchInsnNode;
    }

    /** The jump targets of an instruction, empty if it does not jump. */
    public static List<LabelNode> targets(AbstractInsnNode insn) {
        if (insn instanceof JumpInsnNode jump) {
            return List.of(jump.label);
        }
        if (insn instanceof TableSwitchInsnNode table) {
            List<LabelNode> all = new ArrayList<>(table.labels);
            all.add(table.dflt);
            return all;
        }
        if (insn instanceof LookupSwitchInsnNode lookup) {
            List<LabelNode> all = new ArrayList<>(lookup.labels);
            all.add(lookup.dflt);
            return all;
        }
        return List.of();
    }

    private int[] successorsOf(int i, Map<AbstractInsnNode, Integer> index) {
        AbstractInsnNode insn = insns[i];
        int opcode = insn.getOpcode();
        if (isReturn(insn) || opcode == Opcodes.ATHROW || opcode == Opcodes.RET) {
            return NONE;
        }
        int[] result = NONE;
        boolean falls = opcode != Opcodes.GOTO && !(insn instanceof TableSwitchInsnNode) && !(insn instanceof LookupSwitchInsnNode);
        if (falls && i + 1 < insns.length) {
            result = append(result, i + 1);
        }
        for (LabelNode target : targets(insn)) {
            result = append(result, index.get(target));
        }
        return result;
    }

    private int[][] invert() {
        int[] counts = new int[insns.length];
        for (int i = 0; i < insns.length; i++) {
            for (int to : successors[i]) {
                counts[to]++;
            }
            for (int to : handlers[i]) {
                counts[to]++;
            }
        }
        int[][] result = new int[insns.length][];
        for (int i = 0; i < insns.length; i++) {
            result[i] = counts[i] == 0 ? NONE : new int[counts[i]];
        }
        for (int i = 0; i < insns.length; i++) {
            for (int to : successors[i]) {
                result[to][--counts[to]] = i;
            }
            for (int to : handlers[i]) {
                result[to][--counts[to]] = i;
            }
        }
        return result;
    }

    private static int[] append(int[] array, int value) {
        for (int present : array) {
            if (present == value) {
                return array;
            }
        }
        int[] longer = Arrays.copyOf(array, array.length + 1);
        longer[array.length] = value;
        return longer;
    }
}
