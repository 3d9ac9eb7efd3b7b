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
}
