package dev.loom.filter.resolve;

import java.util.SortedSet;
import java.util.TreeSet;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.LineNumberNode;
import org.objectweb.asm.tree.MethodNode;

/** Source lines of a method body. */
final class Lines {

    private Lines() {}

    /** All lines that have code in the body. */
    static SortedSet<Integer> of(MethodNode method) {
        SortedSet<Integer> lines = new TreeSet<>();
        for (AbstractInsnNode node : method.instructions) {
            if (node instanceof LineNumberNode line) {
                lines.add(line.line);
            }
        }
        return lines;
    }

    /** Whether a line has code in the body. */
    static boolean has(MethodNode method, int line) {
        for (AbstractInsnNode node : method.instructions) {
            if (node instanceof LineNumberNode number && number.line == line) {
                return true;
            }
        }
        return false;
    }

    /** Index of the first instruction of the lowest run of a line's code; -1 if the line has none. */
    static int start(MethodNode method, int line) {
        for (AbstractInsnNode node : method.instructions) {
            if (node instanceof LineNumberNode number && number.line == line) {
                AbstractInsnNode next = node;
                while (next != null && next.getOpcode() < 0) {
                    next = next.getNext();
                }
                return next == null ? -1 : method.instructions.indexOf(next);
            }
        }
        return -1;
    }

    /** The line that an instruction belongs to; 0 if it has none. */
    static int lineOf(MethodNode method, int instruction) {
        AbstractInsnNode node = method.instructions.get(instruction);
        while (node != null) {
            if (node instanceof LineNumberNode number) {
                return number.line;
            }
            node = node.getPrevious();
        }
        return 0;
    }
}
