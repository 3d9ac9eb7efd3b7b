package dev.loom.filter.analysis;

import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.tree.MethodInsnNode;

/**
 * The lines of an unhooked body at which a running frame could still do harm: inside a region, or before one with no update point
 * in between. Everywhere else a frame comes to an update point before it comes to a region, however long it sleeps.
 *
 * <p>Stack traces name lines, not instructions: a line is unsafe if any instruction on it is. A frame that has called a method by a name
 * that its line calls stands at such a call, so for it only those count. What else may stand above a frame was called by the JVM, at whatever
 * instruction: to load or initialize a class, to link an {@code invokedynamic} (those of the update points and hooks themselves), to make an
 * exception. Of a virtual thread that waits, the JVM (25) names no line for superseded code: then the name of the method that was called
 * tells the place.
 *
 * @param anywhere lines on which any instruction is unsafe
 * @param lines all lines of the body
 * @param unknown whether a frame without a line must be taken for unsafe
 * @param calls names of all methods that the body calls, as {@link #called}
 * @param unsafeCalls names of those that it calls at an unsafe place
 * @param safeCalls by line, names of called methods: a frame that stands in one of those calls is safe whatever else is on the line
 */
public record UnsafeLines(
        Set<Integer> anywhere, Set<Integer> lines, boolean unknown, Set<String> calls, Set<String> unsafeCalls,
        Map<Integer, Set<String>> safeCalls) {

    private static final int[] NONE = {};

    public UnsafeLines {
        Map<Integer, Set<String>> byLine = new HashMap<>();
        safeCalls.forEach((line, names) -> byLine.put(line, Set.copyOf(names)));
        safeCalls = Map.copyOf(byLine);
        anywhere = Set.copyOf(anywhere);
        lines = Set.copyOf(lines);
        calls = Set.copyOf(calls);
        unsafeCalls = Set.copyOf(unsafeCalls);
    }

    /**
     * Whether a frame whose line is not told may be at an unsafe place.
     *
     * @param called the method that it waits for, as {@link #called} names it; null if it is on top of its stack
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
     * @param points the update points that really work; empty for code that has none
     */
    public static UnsafeLines of(ControlFlow code, List<RegionInterior> interiors, List<UpdatePoint> points) {
        BitSet unsafe = unsafe(code, interiors, points);
        Set<Integer> anywhere = new TreeSet<>();
        Set<Integer> lines = new TreeSet<>();
        Calls calls = new Calls();
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
                calls.add(line, call, unsafe.get(i));
            }
            if (unsafe.get(i)) {
                anywhere.add(line);
            }
        }
        for (UpdatePoint point : points) {
            if (point.kind() == UpdatePoint.Kind.BACK_EDGE && unsafe.get(point.resume())) {
                // A frame may stand in or behind the guard with its old answer; one that waits in a call has the guard before it.
                anywhere.add(code.line(point.insn()));
            }
        }
        if (unsafe.get(code.real(0))) {
            // a frame that waits for its monitor, or in the prologue or an entry hook of an older version, stands before all code
            int first = lines.isEmpty() ? -1 : firstLine(code);
            anywhere.add(first);
        }
        return new UnsafeLines(
                anywhere, lines, (nameless || anywhere.contains(-1)) && !anywhere.isEmpty(), calls.names(), calls.unsafeNames(),
                calls.safeByLine());
    }

    /**
     * What names a called method here: its name, since a trace shows the class that has it, and a call another; for a constructor, which the
     * JVM also calls by itself to make an exception, the class too.
     *
     * @param type class name as stack traces write it
     */
    public static String called(String type, String method) {
        return method.equals("<init>") ? type + ".<init>" : method;
    }

    /** Instructions at which a frame may come into a region without passing a guard; those inside are among them. */
    public static BitSet unsafe(ControlFlow code, List<RegionInterior> interiors, List<UpdatePoint> points) {
        BitSet unsafe = new BitSet(code.size());
        for (RegionInterior interior : interiors) {
            unsafe.or(interior.interior());
        }
        BitSet guardedPlaces = new BitSet(code.size());
        Set<Long> guardedEdges = new HashSet<>();
        for (UpdatePoint point : points) {
            if (point.kind() == UpdatePoint.Kind.AFTER_CALL) {
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
    private static int[][] throwing(ControlFlow code) {
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

    /**
     * Whether a frame at the line may still do harm.
     *
     * @param callee the method that the frame above is in, as {@link #called} names it; null for the frame on top
     */
    public boolean isUnsafe(int line, @Nullable String callee) {
        if (line < 0) {
            return unknown;
        }
        return anywhere.contains(line) && (callee == null || !safeCalls.getOrDefault(line, Set.of()).contains(callee));
    }

    /** Whether nothing is unsafe. */
    public boolean isEmpty() {
        return anywhere.isEmpty();
    }

    private static int firstLine(ControlFlow code) {
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
