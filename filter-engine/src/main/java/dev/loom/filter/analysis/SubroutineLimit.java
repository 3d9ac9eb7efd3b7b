package dev.loom.filter.analysis;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * Whether the subroutines of a body (class files before Java 6: {@code jsr}) can be written out where they are called. Subroutines
 * call each other, so that the code can double with each.
 */
public final class SubroutineLimit {

    /** Most instructions of a body whose subroutines are written out. */
    private static final long MAX_INSTRUCTIONS = 400_000;

    private final ControlFlow code;
    private final Map<Integer, Long> sizes = new HashMap<>();
    /** What the main code can come to by itself belongs to it, also where a subroutine's handlers lead there. */
    private final BitSet main = new BitSet();

    private SubroutineLimit(ControlFlow code) {
        this.code = code;
    }

    /**
     * Looks at a body; quick where there is no subroutine.
     *
     * @throws IllegalArgumentException if it would grow beyond all measure
     */
    public static void check(MethodNode method) {
        for (AbstractInsnNode node = method.instructions.getFirst(); node != null; node = node.getNext()) {
            if (node.getOpcode() == Opcodes.JSR) {
                new SubroutineLimit(ControlFlow.of(method)).size(0);
                return;
            }
        }
    }

    /** Instructions of the main code or a subroutine, with all that it calls written out. */
    private long size(int start) {
        Long known = sizes.get(start);
        if (known != null) {
            return Math.max(0, known); // whoever writes out one that calls itself finds that out
        }
        sizes.put(start, -1L);
        if (sizes.size() > 2_000) {
            throw new IllegalArgumentException(code.method().name + " has too many subroutines");
        }
        List<Integer> called = new ArrayList<>();
        long size = own(start, called);
        for (int target : called) {
            size += size(target);
            if (size > MAX_INSTRUCTIONS) {
                throw new IllegalArgumentException("the subroutines of " + code.method().name + " are nested too deep");
            }
        }
        sizes.put(start, size);
        return size;
    }

    /** Instructions without those called, and the starts of the subroutines called, each as often as it is. */
    private long own(int start, List<Integer> called) {
        BitSet seen = new BitSet(code.size());
        int[] stack = new int[code.size() + 1];
        int top = 0;
        seen.set(start);
        stack[top++] = start;
        while (top > 0) {
            int at = stack[--top];
            int target = -1;
            if (code.insn(at).getOpcode() == Opcodes.JSR) {
                target = code.indexOf(((JumpInsnNode) code.insn(at)).label);
                called.add(target);
            }
            for (int[] next : new int[][] {code.successors(at), code.handlers(at)}) {
                for (int to : next) {
                    if (to != target && !seen.get(to) && !main.get(to)) {
                        seen.set(to);
                        stack[top++] = to;
                    }
                }
            }
        }
        if (start == 0) {
            main.or(seen);
        }
        return seen.cardinality();
    }
}
