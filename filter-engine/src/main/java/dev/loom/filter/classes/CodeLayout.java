package dev.loom.filter.classes;

import java.util.Arrays;
import java.util.BitSet;
import org.objectweb.asm.Opcodes;

/** Whether the code of a method consists of instructions, and jumps and handlers lead to some. */
final class CodeLayout {

    /** Instructions times handlers around them, in one method; real ones stay below a thousandth of it. */
    private static final long MAX_COVERED = 4_000_000;

    /** Handlers around one instruction. */
    private static final int MAX_HANDLERS = 200;

    /** Bytes of code times slots for locals in one method. */
    private static final long MAX_LOCALS = 64_000_000;

    private final ClassBytes file;
    private final String method;
    private int start;
    private int size;
    /** Where instructions begin, from the start of the code. */
    private final BitSet starts = new BitSet();

    CodeLayout(ClassBytes file, String method) {
        this.file = file;
        this.method = method;
    }

    /** Looks at a Code attribute up to its own attributes; returns the bytes of code. */
    int check(int end) {
        file.skip(2);
        int locals = file.u2();
        size = file.u4();
        start = file.at();
        if (size <= 0 || size > 65_535 || start + size > end) {
            throw new IllegalArgumentException("the code of " + method + " has an impossible length");
        }
        if ((long) locals * size > MAX_LOCALS && locals > 4_096) {
            throw new IllegalArgumentException("the code of " + method + " has too many variables");
        }
        instructions();
        file.goTo(start + size);
        handlers();
        return size;
    }

    private void instructions() {
        BitSet targets = new BitSet(size);
        int end = start + size;
        int i = start;
        while (i < end) {
            int opcode = file.at(i) & 0xFF;
            int length = LENGTHS[opcode];
            starts.set(i - start);
            if (opcode == Opcodes.TABLESWITCH || opcode == Opcodes.LOOKUPSWITCH) {
                length = aSwitch(opcode, i, targets);
            } else if (opcode == 196) { // wide
                length = i + 1 < end && (file.at(i + 1) & 0xFF) == Opcodes.IINC ? 6 : 4;
            }
            if (length == 0) {
                throw new IllegalArgumentException("the code of " + method + " has the unknown instruction " + opcode);
            }
            if (i + length <= end) {
                if (opcode == 200 || opcode == 201) {
                    target(targets, i - start + (long) file.int4(i + 1));
                } else if (opcode >= Opcodes.IFEQ && opcode <= Opcodes.JSR || opcode == Opcodes.IFNULL || opcode == Opcodes.IFNONNULL) {
                    target(targets, i - start + (short) file.unsigned(i + 1));
                }
            }
            operand(opcode, i, end - i);
            i += length;
        }
        if (i != end) {
            throw new IllegalArgumentException("the last instruction of " + method + " is cut off");
        }
        targets.andNot(starts);
        if (!targets.isEmpty()) {
            throw new IllegalArgumentException("a jump of " + method + " goes into the middle of an instruction");
        }
    }

    /** Bytes of a switch. */
    private int aSwitch(int opcode, int i, BitSet targets) {
        int end = start + size;
        int operands = i + 4 - (i - start & 3);
        if (operands + (opcode == Opcodes.LOOKUPSWITCH ? 8 : 12) > end) {
            throw new IllegalArgumentException("a switch of " + method + " is cut off");
        }
        long cases = opcode == Opcodes.LOOKUPSWITCH ? file.int4(operands + 4)
                : (long) file.int4(operands + 8) - file.int4(operands + 4) + 1;
        long whole = opcode == Opcodes.LOOKUPSWITCH ? 8 + 8 * cases : 12 + 4 * cases;
        if (cases < 0 || operands + whole > end) {
            throw new IllegalArgumentException("a switch of " + method + " is longer than its code");
        }
        target(targets, i - start + (long) file.int4(operands));
        int first = operands + 12; // default, then low and high, or the count and the first key
        int step = opcode == Opcodes.LOOKUPSWITCH ? 8 : 4;
        for (int c = 0; c < cases; c++) {
            target(targets, i - start + (long) file.int4(first + c * step));
        }
        return (int) (operands + whole - i);
    }

    private void target(BitSet targets, long target) {
        if (target < 0 || target >= size) {
            throw new IllegalArgumentException("a jump of " + method + " leaves its code");
        }
        targets.set((int) target);
    }

    private void operand(int opcode, int at, int left) {
        switch (opcode) {
            case Opcodes.LDC -> file.kind(left < 2 ? 0 : file.at(at + 1) & 0xFF, 3, 4, 7, 8, 15, 16, 17);
            case 19 -> file.kind(left < 3 ? 0 : file.unsigned(at + 1), 3, 4, 7, 8, 15, 16, 17);
            case 20 -> file.kind(left < 3 ? 0 : file.unsigned(at + 1), 5, 6, 17);
            case Opcodes.GETFIELD, Opcodes.PUTFIELD, Opcodes.GETSTATIC, Opcodes.PUTSTATIC -> file.kind(left < 3 ? 0 : file.unsigned(at + 1), 9);
            case Opcodes.INVOKEVIRTUAL, Opcodes.INVOKESPECIAL, Opcodes.INVOKESTATIC, Opcodes.INVOKEINTERFACE ->
                    file.kind(left < 3 ? 0 : file.unsigned(at + 1), 10, 11);
            case Opcodes.INVOKEDYNAMIC -> file.kind(left < 3 ? 0 : file.unsigned(at + 1), 18);
            case Opcodes.NEW, Opcodes.ANEWARRAY, Opcodes.CHECKCAST, Opcodes.INSTANCEOF, Opcodes.MULTIANEWARRAY ->
                    file.kind(left < 3 ? 0 : file.unsigned(at + 1), 7);
            default -> {}
        }
    }

    private void handlers() {
        int[] change = new int[size + 1];
        for (int blocks = file.u2(); blocks > 0; blocks--) {
            int from = file.u2();
            int to = file.u2();
            int handler = file.u2();
            file.optional(file.u2(), 7);
            if (from >= to || !starts.get(from) || to != size && !starts.get(to) || !starts.get(handler)) {
                throw new IllegalArgumentException("an exception handler of " + method + " is not where code begins");
            }
            if (from < to && to <= size) {
                change[from]++;
                change[to]--;
            }
        }
        long covered = 0;
        int depth = 0;
        for (int i = 0; i < size; i++) {
            depth += change[i];
            covered += depth;
            if (depth > MAX_HANDLERS || covered > MAX_COVERED) {
                throw new IllegalArgumentException("the code of " + method + " has too many exception handlers");
            }
        }
    }

    /** Bytes of each instruction; 0 for those that are not in class files, -1 is never used. */
    private static final int[] LENGTHS = lengths();

    private static int[] lengths() {
        int[] lengths = new int[256];
        Arrays.fill(lengths, 0, 202, 1);
        lengths[Opcodes.BIPUSH] = 2;
        lengths[Opcodes.LDC] = 2;
        lengths[Opcodes.NEWARRAY] = 2;
        lengths[Opcodes.RET] = 2;
        Arrays.fill(lengths, Opcodes.ILOAD, Opcodes.ALOAD + 1, 2);
        Arrays.fill(lengths, Opcodes.ISTORE, Opcodes.ASTORE + 1, 2);
        for (int three : new int[] {Opcodes.SIPUSH, 19, 20, Opcodes.IINC, Opcodes.NEW, Opcodes.ANEWARRAY, Opcodes.CHECKCAST,
                Opcodes.INSTANCEOF, Opcodes.IFNULL, Opcodes.IFNONNULL}) {
            lengths[three] = 3;
        }
        Arrays.fill(lengths, Opcodes.IFEQ, Opcodes.JSR + 1, 3);
        Arrays.fill(lengths, Opcodes.GETSTATIC, Opcodes.INVOKESTATIC + 1, 3);
        lengths[Opcodes.INVOKEINTERFACE] = 5;
        lengths[Opcodes.INVOKEDYNAMIC] = 5;
        lengths[Opcodes.MULTIANEWARRAY] = 4;
        lengths[200] = 5; // goto_w
        lengths[201] = 5; // jsr_w
        return lengths;
    }
}
