package dev.loom.filter.analysis;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.IntPredicate;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.MethodInsnNode;

/**
 * What a person means by a line whose expression goes on in others: a call that is written on several lines has its receiver on the
 * first and comes back to it for the call itself; a constructor is called without coming back.
 */
final class StatementOfLine {

    private StatementOfLine() {}

    /**
     * The line's own code, and what lies between two pieces of it with operands on the stack all the way. Code that the compiler gives
     * the same line later on (the step of a {@code for} loop, the closing of a resource) is part of the line, but not what lies before
     * it.
     *
     * @param hasOperands whether something is on the stack before an instruction
     */
    static BitSet of(ControlFlow code, IntPredicate hasOperands, int line) {
        BitSet own = own(code, line);
        BitSet between = between(code, own, hasOperands);
        BitSet all = (BitSet) own.clone();
        boolean grows = true;
        while (grows) {
            grows = false;
            for (int i = between.previousSetBit(code.size()); i >= 0; i = between.previousSetBit(i - 1)) {
                for (int to : code.successors(i)) {
                    if (!all.get(i) && all.get(to)) {
                        all.set(i);
                        grows = true;
                    }
                }
            }
        }
        return all;
    }

    private static BitSet own(ControlFlow code, int line) {
        BitSet own = new BitSet(code.size());
        for (int i = 0; i < code.size(); i++) {
            int at = code.real(i);
            if (at < code.size() && code.line(at) == line) {
                own.set(i);
                if (code.insn(i).getOpcode() == Opcodes.NEW) {
                    own.set(constructorOf(code, i));
                }
            }
        }
        return own;
    }

    /** What comes after code of the line with operands on the stack all the way. */
    private static BitSet between(ControlFlow code, BitSet own, IntPredicate hasOperands) {
        BitSet between = new BitSet(code.size());
        List<Integer> work = new ArrayList<>();
        own.stream().forEach(work::add);
        while (!work.isEmpty()) {
            for (int to : code.successors(work.remove(work.size() - 1))) {
                int at = code.real(to);
                if (at < code.size() && !own.get(to) && !between.get(to) && hasOperands.test(at)) {
                    between.set(to);
                    work.add(to);
                }
            }
        }
        return between;
    }

    /** The call that makes an object of what NEW gives; compilers give it the line of the last argument. */
    private static int constructorOf(ControlFlow code, int made) {
        int depth = 0;
        for (int i = made; i < code.size(); i++) {
            if (code.insn(i).getOpcode() == Opcodes.NEW) {
                depth++;
            } else if (code.insn(i).getOpcode() == Opcodes.INVOKESPECIAL && ((MethodInsnNode) code.insn(i)).name.equals("<init>")
                    && --depth == 0) {
                return i;
            }
        }
        return made;
    }
}
