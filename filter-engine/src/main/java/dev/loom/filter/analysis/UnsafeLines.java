package dev.loom.filter.analysis;

import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;

/**
 * The lines of an unhooked body at which a running frame could still do harm: inside a region, or before one with no switch point
 * in between. Everywhere else a frame comes to a switch point before it comes to a region, however long it sleeps.
 *
 * <p>Stack traces name lines, not instructions: a line is unsafe if any instruction on it is. Frames below the top of a stack stand
 * at calls, so for them only calls count. Of a virtual thread that waits, the JVM (25) names no line for superseded code: then the name of
 * the method that was called tells the place.
 *
 * @param anywhere lines on which any instruction is unsafe
 * @param atCalls lines on which a call is unsafe
 * @param lines all lines of the body
 * @param unknown whether a frame without a line must be taken for unsafe
 * @param calls names of all methods that the body calls
 * @param unsafeCalls names of those that it calls at an unsafe place
 * @param safeCalls by line, names of called methods: a frame that stands in one of those calls is safe whatever else is on the line
 */
public record UnsafeLines(
        Set<Integer> anywhere, Set<Integer> atCalls, Set<Integer> lines, boolean unknown, Set<String> calls, Set<String> unsafeCalls,
        Map<Integer, Set<String>> safeCalls) {

    private static final int[] NONE = {};

    public UnsafeLines {
        Map<Integer, Set<String>> byLine = new HashMap<>();
        safeCalls.forEach((line, names) -> byLine.put(line, Set.copyOf(names)));
        safeCalls = Map.copyOf(byLine);
        anywhere = Set.copyOf(anywhere);
        atCalls = Set.copyOf(atCalls);
        lines = Set.copyOf(lines);
        calls = Set.copyOf(calls);
        unsafeCalls = Set.copyOf(unsafeCalls);
    }

    /**
     * Whether a frame whose line is not told may be at an unsafe place.
     *
     * @param called name of the method that it waits for; null if it is on top of its stack
     */
    public boolean isUnsafeCalling(@Nullable String called) {
        if (anywhere.isEmpty()) {
            return false;
        }
        // what the JVM calls by itself, or a method handle does, is not among the calls of the body
        return called == null || !calls.contains(called) || unsafeCalls.contains(called);
    }

    /**
     * Computes the unsafe lines.
     *
     * @param interiors the regions
     * @param points the switch points that really work; empty for code that has none
     */
    public static UnsafeLines of(Code code, List<RegionInterior> interiors, List<SwitchPoint> points) {
        BitSet unsafe = unsafe(code, interiors, points);
        Set<Integer> anywhere = new TreeSet<>();
        Set<Integer> atCalls = new TreeSet<>();
        Set<Integer> lines = new TreeSet<>();
        Set<String> calls = new TreeSet<>();
        Set<String> unsafeCalls = new TreeSet<>();
        boolean nameless = true;
        for (int i = 0; i < code.size(); i++) {
            if (!code.isReal(i)) {
                continue;
            }
            int line = code.line(i);
            if (line >= 0) {
                nameless = false;
                lines.add(line);
            }
            if (code.insn(i) instanceof MethodInsnNode call) {
                calls.add(call.name);
                if (unsafe.get(i)) {
                    unsafeCalls.add(call.name);
                }
            }
            if (unsafe.get(i)) {
                anywhere.add(line);
                if (code.insn(i) instanceof MethodInsnNode || code.insn(i) instanceof InvokeDynamicInsnNode || mayCall(code, i)) {
                    atCalls.add(line);
                }
            }
        }
        for (SwitchPoint point : points) {
            if (point.kind() == SwitchPoint.Kind.BACK_EDGE && unsafe.get(point.resume())) {
                // A frame may stand behind the guard with its old answer: the JVM stops threads at backward jumps. It is then on top of
                // its stack, for traces leave out the frames of method handles; one that waits in a call has the guard before it.
                anywhere.add(code.line(point.insn()));
            }
        }
        if (unsafe.get(code.real(0))) {
            // a frame that waits for its monitor, or in the prologue or an entry hook of an older version, stands before all code
            int first = lines.isEmpty() ? -1 : firstLine(code);
            anywhere.add(first);
            atCalls.add(first);
        }
        return new UnsafeLines(anywhere, atCalls, lines, (nameless || anywhere.contains(-1)) && !anywhere.isEmpty(),
                calls, unsafeCalls, Map.of());
    }

    /** Instructions at which a frame may come into a region without passing a guard; those inside are among them. */
    public static BitSet unsafe(Code code, List<RegionInterior> interiors, List<SwitchPoint> points) {
        BitSet unsafe = new BitSet(code.size());
        for (RegionInterior interior : interiors) {
            unsafe.or(interior.interior());
        }
        BitSet guardedPlaces = new BitSet(code.size());
        Set<Long> guardedEdges = new HashSet<>();
        for (SwitchPoint point : points) {
            if (point.kind() == SwitchPoint.Kind.AFTER_CALL) {
                guardedPlaces.set(point.insn());
            } else {
                guardedEdges.add(edge(point.insn(), point.resume()));
            }
        }
        int[][] throwing = throwing(code);
        int[] stack = new int[code.size() + 1];
        int top = 0;
        for (int i = unsafe.nextSetBit(0); i >= 0; i = unsafe.nextSetBit(i + 1)) {
            stack[top++] = i;
        }
        while (top > 0) {
            int at = stack[--top];
            if (guardedPlaces.get(at)) {
                continue; // whoever comes here passes the guard first
            }
            for (int from : code.predecessors(at)) {
                if (!unsafe.get(from) && !guardedEdges.contains(edge(from, at))) {
                    unsafe.set(from);
                    stack[top++] = from;
                }
            }
            for (int from : throwing[at]) {
                if (!unsafe.get(from)) {
                    unsafe.set(from);
                    stack[top++] = from;
                }
            }
        }
        return unsafe;
    }

    /** By handler, the instructions that come there by an asynchronous exception only. */
    private static int[][] throwing(Code code) {
        int[][] result = new int[code.size()][];
        int[] counts = new int[code.size()];
        for (int i = 0; i < code.size(); i++) {
            if (code.handlers(i).length == 0) {
                for (int handler : code.covering(i)) {
                    counts[handler]++;
                }
            }
        }
        for (int i = 0; i < code.size(); i++) {
            result[i] = counts[i] == 0 ? NONE : new int[counts[i]];
        }
        for (int i = 0; i < code.size(); i++) {
            if (code.handlers(i).length == 0) {
                for (int handler : code.covering(i)) {
                    result[handler][--counts[handler]] = i;
                }
            }
        }
        return result;
    }

    /** Whether a frame at the line may still do harm. */
    public boolean isUnsafe(int line, boolean top) {
        if (line < 0) {
            return unknown;
        }
        return (top ? anywhere : atCalls).contains(line);
    }

    /**
     * Whether a frame at the line may still do harm.
     *
     * @param callee name of the method that it has called; null for the frame on top
     */
    public boolean isUnsafe(int line, @Nullable String callee) {
        if (callee != null && safeCalls.getOrDefault(line, Set.of()).contains(callee)) {
            return false;
        }
        return isUnsafe(line, callee == null);
    }

    /** Whether nothing is unsafe. */
    public boolean isEmpty() {
        return anywhere.isEmpty();
    }

    /** Instructions that may run a class initializer, a class loader or wait for a monitor below this frame. */
    private static boolean mayCall(Code code, int i) {
        return switch (code.insn(i).getOpcode()) {
            case Opcodes.NEW, Opcodes.GETSTATIC, Opcodes.PUTSTATIC,
                    Opcodes.CHECKCAST, Opcodes.INSTANCEOF, Opcodes.LDC,
                    Opcodes.ANEWARRAY, Opcodes.MULTIANEWARRAY,
                    Opcodes.GETFIELD, Opcodes.PUTFIELD -> true;
            default -> false;
        };
    }

    private static int firstLine(Code code) {
        for (int i = 0; i < code.size(); i++) {
            if (code.line(i) >= 0) {
                return code.line(i);
            }
        }
        return -1;
    }

    private static long edge(int from, int to) {
        return ((long) from << 32) | to;
    }
}
