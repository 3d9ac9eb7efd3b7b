package dev.loom.filter.weave;

import org.objectweb.asm.ClassReader;
import org.objectweb.asm.Opcodes;

/**
 * Whether the loops of a method end soon, as far as its bytes tell: all are counted, driven by an iterator, or call nothing that
 * could wait and end by a variable that they change themselves. A loop that ends when a field says so may go on for ever. Judges like {@code
 * UpdatePoints} does which loops are those of workers.
 */
final class BriefLoops {

    /** Instructions before a test in which what it tests is looked for. */
    private static final int NEAR = 6;

    /** Variables above this are not looked at. */
    private static final int VARIABLES = Long.SIZE;

    private static final int LOADS_OF_INT = 26;

    private final ClassReader reader;
    private final char[] buffer;
    /** Where the instructions of the method start, and what they jump to; -1 for none. */
    private final int[] starts;
    private final int[] targets;

    private int count;

    BriefLoops(ClassReader reader, char[] buffer, int codeLength) {
        this.reader = reader;
        this.buffer = buffer;
        starts = new int[codeLength];
        targets = new int[codeLength];
    }

    /** To be called for each instruction, in order. A jump backwards of a switch is never brief. */
    void add(int start, int target) {
        starts[count] = start;
        targets[count++] = target;
    }

    boolean areAll() {
        for (int i = 0; i < count; i++) {
            if (targets[i] >= 0 && targets[i] <= starts[i] && !isBrief(indexOf(targets[i], i), i)) {
                return false;
            }
        }
        return true;
    }

    private int indexOf(int target, int from) {
        int i = from;
        while (i > 0 && starts[i] > target) {
            i--;
        }
        return i;
    }

    private boolean isBrief(int first, int last) {
        long counters = 0;
        long changed = 0;
        boolean mayWait = false;
        for (int i = first; i <= last; i++) {
            int opcode = opcode(i);
            if (opcode == Opcodes.IINC) {
                counters |= bit(operand(i));
            } else if (opcode >= Opcodes.INVOKEVIRTUAL && opcode <= Opcodes.INVOKEINTERFACE) {
                mayWait |= mayWait(reader.readUnsignedShort(starts[i] + 1));
            } else {
                changed |= bit(variable(i, Opcodes.ISTORE));
            }
        }
        return ends(first, last, mayWait ? counters : counters | changed, !mayWait);
    }

    /**
     * Whether one of the tests that leave the loop is about a variable that brings it to its end, or an iterator.
     *
     * @param variables those variables
     * @param all whether they are of all types
     */
    private boolean ends(int first, int last, long variables, boolean all) {
        for (int i = first; i <= last; i++) {
            boolean leaves = i == last || targets[i] < starts[first] || targets[i] > starts[last];
            if (targets[i] >= 0 && opcode(i) != Opcodes.GOTO && leaves && ends(i, variables, all)) {
                return true;
            }
        }
        return false;
    }

    private boolean ends(int test, long variables, boolean all) {
        for (int i = test - 1; i >= Math.max(0, test - NEAR) && targets[i] < 0; i--) {
            int opcode = opcode(i);
            boolean isOfType = all || opcode == Opcodes.ILOAD || opcode >= LOADS_OF_INT && opcode < LOADS_OF_INT + 4;
            if (opcode == Opcodes.IINC || isOfType && (bit(variable(i, Opcodes.ILOAD)) & variables) != 0) {
                return true;
            }
            if (opcode == Opcodes.INVOKEINTERFACE || opcode == Opcodes.INVOKEVIRTUAL) {
                String name = reader.readUTF8(reader.getItem(reader.readUnsignedShort(
                        reader.getItem(reader.readUnsignedShort(starts[i] + 1)) + 2)), buffer);
                if (name.equals("hasNext") || name.equals("hasMoreElements") || name.equals("hasMoreTokens")) {
                    return true;
                }
            }
        }
        return false;
    }

    /** The variable that an instruction loads or stores; -1 if it does something else. */
    private int variable(int i, int firstOfKind) {
        int opcode = opcode(i);
        if (opcode >= firstOfKind && opcode < firstOfKind + 5) {
            return operand(i);
        }
        // five types, with a short form for each of the variables 0 to 3
        int shortForm = opcode - firstOfKind - 5;
        return shortForm >= 0 && shortForm < 20 ? shortForm & 3 : -1;
    }

    private int operand(int i) {
        return reader.readByte(starts[i] + 1) & 0xff;
    }

    private static long bit(int variable) {
        return variable >= 0 && variable < VARIABLES ? 1L << variable : 0;
    }

    /** Leaves out what surely returns at once: string building, boxing, arithmetic, atomic numbers. */
    private boolean mayWait(int constant) {
        String owner = reader.readClass(reader.getItem(constant), buffer);
        return !owner.startsWith("java/lang/") && !owner.startsWith("java/util/concurrent/atomic/");
    }

    private int opcode(int i) {
        return reader.readByte(starts[i]) & 0xff;
    }
}
