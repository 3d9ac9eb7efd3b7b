package dev.loom.filter.analysis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.function.IntPredicate;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.analysis.Analyzer;
import org.objectweb.asm.tree.analysis.AnalyzerException;
import org.objectweb.asm.tree.analysis.BasicInterpreter;
import org.objectweb.asm.tree.analysis.BasicValue;
import org.objectweb.asm.tree.analysis.Frame;

/** The code of a region's exit lines: each passes its exit where control leaves the statement of the line. */
final class ExitLines {

    private static final int NONE = -1;
    /** Values kept to follow the operands of one body; hundreds of times what the largest method of a library has. */
    private static final long MAX_KEPT = 16_000_000;

    private final ControlFlow code;
    /** By instruction, the exit line to whose statement it belongs. */
    private final int[] lines;
    private final List<Integer> missing = new ArrayList<>();

    private ExitLines(ControlFlow code) {
        this.code = code;
        lines = new int[code.size()];
        Arrays.fill(lines, NONE);
    }

    static ExitLines of(ControlFlow code, SortedSet<Integer> exits) {
        ExitLines result = new ExitLines(code);
        boolean isSplit = false;
        for (int line : exits) {
            int pieces = result.add(line);
            isSplit |= pieces > 1;
            if (pieces == 0) {
                result.missing.add(line);
            }
        }
        if (isSplit) {
            IntPredicate hasOperands = operands(code);
            Map<Integer, BitSet> statements = new HashMap<>();
            exits.forEach(line -> statements.put(line, StatementOfLine.of(code, hasOperands, line)));
            // the wider one last: a line inside the statement of another is not done before that is
            exits.stream().sorted(Comparator.comparingInt((Integer line) -> statements.get(line).cardinality()))
                    .forEach(line -> statements.get(line).stream().filter(code::isReal).forEach(i -> result.lines[i] = line));
        }
        return result;
    }

    /** Adds what has the line; returns of how many pieces of code its statement may be, counting calls of constructors. */
    private int add(int line) {
        int pieces = 0;
        boolean isOfLine = false;
        for (int i = 0; i < code.size(); i++) {
            if (code.isReal(i)) {
                boolean was = isOfLine;
                isOfLine = code.line(i) == line;
                if (isOfLine) {
                    lines[i] = line;
                    pieces += (was ? 0 : 1) + (code.insn(i).getOpcode() == Opcodes.NEW ? 1 : 0);
                }
            }
        }
        return pieces;
    }

    /** Whether something is on the stack before an instruction; of code that nobody can follow, never. */
    private static IntPredicate operands(ControlFlow code) {
        if ((long) code.size() * (code.method().maxLocals + code.method().maxStack) > MAX_KEPT) {
            return i -> false;
        }
        try {
            Frame<BasicValue>[] frames = new Analyzer<>(new BasicInterpreter()).analyze("java/lang/Object", code.method());
            return i -> i < frames.length && frames[i] != null && frames[i].getStackSize() > 0;
        } catch (AnalyzerException | RuntimeException e) {
            return i -> false;
        }
    }

    /** Exit lines without code. */
    List<Integer> missing() {
        return missing;
    }

    /** Whether an instruction belongs to the statement of an exit line. */
    boolean has(int index) {
        return lines[index] != NONE;
    }

    /** The exit line to whose statement an instruction belongs, -1 for none. */
    int line(int index) {
        return lines[index];
    }

    /** Whether leaving {@code from} towards {@code to} passes an exit event. */
    boolean passes(int from, int to) {
        if (lines[from] == NONE) {
            return false;
        }
        int next = code.real(to);
        return next >= code.size() || lines[next] != lines[from];
    }
}
