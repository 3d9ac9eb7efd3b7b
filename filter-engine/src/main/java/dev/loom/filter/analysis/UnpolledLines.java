package dev.loom.filter.analysis;

import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.MethodInsnNode;

/**
 * The lines of a body without polls at which a frame would go on running its code: all, but for calls behind which it comes to a update
 * point, or returns, before it does anything that another thread could notice. In between it only moves values between its own
 * variables and its stack.
 */
public final class UnpolledLines {

    private UnpolledLines() {}

    /**
     * Computes the lines.
     *
     * @param points the update points that really work; empty for code that has none
     */
    public static UnsafeLines of(ControlFlow code, List<UpdatePoint> points) {
        BitSet places = new BitSet(code.size());
        Set<Long> edges = new HashSet<>();
        for (UpdatePoint point : points) {
            if (point.kind() == UpdatePoint.Kind.AFTER_CALL) {
                places.set(point.insn());
            } else {
                edges.add(edge(point.insn(), point.resume()));
            }
        }
        BitSet noticed = noticed(code, places, edges);
        Set<Integer> anywhere = new TreeSet<>();
        Calls calls = new Calls();
        for (int i = 0; i < code.size(); i++) {
            if (!code.isReal(i)) {
                continue;
            }
            anywhere.add(code.line(i));
            if (code.insn(i) instanceof MethodInsnNode call) {
                calls.add(code.line(i), call, goesOn(code, i, noticed, places, edges));
            }
        }
        Set<Integer> lines = new TreeSet<>(anywhere);
        lines.remove(-1);
        return new UnsafeLines(anywhere, lines, !anywhere.isEmpty(), calls.names(), calls.unsafeNames(), calls.safeByLine());
    }

    /** Whether a frame that comes back from a call does something that is noticed before it comes to an update point. */
    private static boolean goesOn(ControlFlow code, int call, BitSet noticed, BitSet places, Set<Long> edges) {
        for (int to : code.successors(call)) {
            if (noticed.get(to) && !places.get(to) && !edges.contains(edge(call, to))) {
                return true;
            }
        }
        for (int to : code.handlers(call)) {
            if (noticed.get(to) && !places.get(to)) {
                return true;
            }
        }
        return false;
    }

    /** The instructions from which something that is noticed is reached without an update point in between. */
    private static BitSet noticed(ControlFlow code, BitSet places, Set<Long> edges) {
        BitSet found = new BitSet(code.size());
        int[] stack = new int[code.size() + 1];
        int top = 0;
        for (int i = 0; i < code.size(); i++) {
            if (code.isReal(i) && isNoticed(code, i)) {
                found.set(i);
                stack[top++] = i;
            }
        }
        while (top > 0) {
            int at = stack[--top];
            if (places.get(at)) {
                continue;
            }
            for (int from : code.predecessors(at)) {
                if (!found.get(from) && !edges.contains(edge(from, at))) {
                    found.set(from);
                    stack[top++] = from;
                }
            }
        }
        // a loop without an update point goes on for ever, whatever is in it
        for (int i = 0; i < code.size(); i++) {
            for (int to : code.successors(i)) {
                if (to <= i && !edges.contains(edge(i, to)) && !places.get(to) && !found.get(i)) {
                    found.set(i);
                    return spread(code, places, edges, found);
                }
            }
        }
        return found;
    }

    private static BitSet spread(ControlFlow code, BitSet places, Set<Long> edges, BitSet found) {
        boolean changed = true;
        while (changed) {
            changed = false;
            for (int i = 0; i < code.size(); i++) {
                for (int to : code.successors(i)) {
                    boolean backwards = to <= i && !edges.contains(edge(i, to)) && !places.get(to);
                    boolean leads = found.get(to) && !places.get(to) && !edges.contains(edge(i, to));
                    if ((backwards || leads) && !found.get(i)) {
                        found.set(i);
                        changed = true;
                    }
                }
            }
        }
        return found;
    }

    /** Whether an instruction can be noticed by another thread: it writes, calls, or may run a class initializer. */
    private static boolean isNoticed(ControlFlow code, int i) {
        int opcode = code.insn(i).getOpcode();
        return switch (opcode) {
            case Opcodes.PUTFIELD, Opcodes.PUTSTATIC, Opcodes.GETSTATIC, Opcodes.NEW, Opcodes.INVOKEDYNAMIC, Opcodes.INVOKEINTERFACE,
                    Opcodes.INVOKESPECIAL, Opcodes.INVOKESTATIC, Opcodes.INVOKEVIRTUAL, Opcodes.MONITORENTER, Opcodes.MONITOREXIT -> true;
            default -> opcode >= Opcodes.IASTORE && opcode <= Opcodes.SASTORE;
        };
    }

    private static long edge(int from, int to) {
        return ((long) from << 32) | to;
    }
}
