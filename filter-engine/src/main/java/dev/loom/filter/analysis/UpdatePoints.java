package dev.loom.filter.analysis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.IincInsnNode;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.VarInsnNode;

/**
 * The update points of a method body, by a rule that depends on the body alone: every back-edge, and behind calls that can keep a
 * frame waiting (the JDK's blocking calls anywhere; all calls in loops that are neither counted nor driven by an iterator).
 *
 * @param points in order of their numbers
 * @param skipped how many places had to stay without, by reason
 */
public record UpdatePoints(List<UpdatePoint> points, Map<Reason, Integer> skipped) {

    /** Why a place has no update point. */
    public enum Reason {
        CONSTRUCTOR("constructors and class initializers cannot be called again"),
        MONITOR("a loop inside a synchronized block"),
        STACK("operands of an expression are on the stack"),
        UNINITIALIZED("an object is under construction"),
        RECEIVER("the variable of 'this' is used for something else"),
        SIZE("the method would grow over a limit of the JVM or its compiler"),
        OLD_SUBROUTINE("the class file uses subroutines that could not be inlined"),
        FAULT("Loom could not read the method");

        private final String text;

        Reason(String text) {
            this.text = text;
        }

        /** In words. */
        public String text() {
            return text;
        }
    }

    /** How many of the places where a frame could switch get a point. */
    public enum Density {
        NONE,
        BACK_EDGES,
        ALL
    }

    /** Above this HotSpot never compiles a method (HugeMethodLimit), bytes. */
    public static final int HUGE_METHOD = 8000;

    /** More slots than this do not fit into one call (JVMS 4.3.3: 255 parameter slots, some needed for tokens). */
    private static final int MAX_SLOTS = 200;

    private static final UpdatePoints EMPTY = new UpdatePoints(List.of(), Map.of());

    public UpdatePoints {
        points = List.copyOf(points);
        skipped = Collections.unmodifiableMap(skipped);
    }

    /** Whether a body may need points at all; cheap, and never wrongly false. */
    public static boolean mayHavePoints(MethodNode method) {
        if (method.instructions.size() == 0) {
            return false;
        }
        Set<LabelNode> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        for (AbstractInsnNode insn = method.instructions.getFirst(); insn != null; insn = insn.getNext()) {
            if (insn instanceof LabelNode label) {
                seen.add(label);
            } else if (BlockingCalls.isBlocking(insn)) {
                return true;
            } else {
                for (LabelNode target : ControlFlow.targets(insn)) {
                    if (seen.contains(target)) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    /**
     * Finds the update points of a body.
     *
     * @param owner internal name of the class
     * @param method its body, frames expanded and complete
     */
    public static UpdatePoints of(String owner, MethodNode method, ControlFlow code, Density density) {
        if (density == Density.NONE || !mayHavePoints(method)) {
            return EMPTY;
        }
        if (method.name.startsWith("<")) {
            return new UpdatePoints(List.of(), Map.of(Reason.CONSTRUCTOR, 1));
        }
        return new Finder(owner, method, code, density).find();
    }

    /**
     * Why backward jumps cannot have a point, by the index of the jump; those that can are not listed.
     *
     * @param owner internal name of the class
     * @param method its body, frames expanded and complete
     */
    public static Map<Integer, Reason> unguarded(String owner, MethodNode method, ControlFlow code) {
        Finder finder = method.name.startsWith("<") ? null : new Finder(owner, method, code, Density.BACK_EDGES);
        Map<Integer, Reason> reasons = new TreeMap<>();
        for (int i = 0; i < code.size(); i++) {
            for (int to : code.successors(i)) {
                if (to <= i && code.insn(to) instanceof LabelNode) {
                    Reason reason = finder == null ? Reason.CONSTRUCTOR : finder.reasonAtLabel(to);
                    if (reason != null) {
                        reasons.put(i, reason);
                    }
                }
            }
        }
        return reasons;
    }

    private static final class Finder {
        private final String owner;
        private final MethodNode method;
        private final ControlFlow code;
        private final Density density;
        private final VerifierTypes types;
        private final Monitors monitors;
        private final Map<Reason, Integer> skipped = new EnumMap<>(Reason.class);
        private final List<UpdatePoint> points = new ArrayList<>();
        private final Set<Long> guardedEdges = new HashSet<>();

        Finder(String owner, MethodNode method, ControlFlow code, Density density) {
            this.owner = owner;
            this.method = method;
            this.code = code;
            this.density = density;
            types = VerifierTypes.of(owner, method);
            monitors = Monitors.of(code);
        }

        UpdatePoints find() {
            for (int i = 0; i < code.size(); i++) {
                if (code.isReal(i)) {
                    for (int to : code.successors(i)) {
                        if (to <= i && code.insn(to) instanceof LabelNode) {
                            backEdge(i, to);
                        }
                    }
                }
            }
            if (density == Density.ALL) {
                afterCalls();
            }
            return new UpdatePoints(points, skipped);
        }

        /** A switch may jump back to several labels, each of them a loop of its own. */
        private void backEdge(int jump, int header) {
            int at = code.real(header);
            Object[] locals = at < code.size() ? types.before(at) : null;
            Reason reason = reason(at, locals);
            if (reason != null) {
                skipped.merge(reason, 1, Integer::sum);
                return;
            }
            points.add(new UpdatePoint(points.size(), UpdatePoint.Kind.BACK_EDGE, jump, header, unmodifiable(locals)));
            guardedEdges.add(edge(jump, header));
        }

        @Nullable Reason reasonAtLabel(int label) {
            int at = code.real(label);
            return reason(at, at < code.size() ? types.before(at) : null);
        }

        private Reason reason(int at, Object[] locals) {
            if (locals == null) {
                return Reason.STACK;
            }
            if (monitors.before(at) > 0) {
                return Reason.MONITOR;
            }
            if (VerifierTypes.hasUninitialized(locals)) {
                return Reason.UNINITIALIZED;
            }
            if ((method.access & Opcodes.ACC_STATIC) == 0 && (locals.length == 0 || !owner.equals(locals[0]))) {
                return Reason.RECEIVER;
            }
            if (locals.length > MAX_SLOTS || Type.getArgumentsAndReturnSizes(method.desc) >> 2 > MAX_SLOTS) {
                return Reason.SIZE;
            }
            return null;
        }

        /**
         * Follows control from the calls, and from handlers that lie before what they guard (a loop without a jump), to the first
         * places where a guard may stand.
         */
        private void afterCalls() {
            BitSet dirty = new BitSet(code.size());
            BitSet places = new BitSet(code.size());
            int[] work = new int[code.size() + 1];
            int top = 0;
            BitSet waiting = waitingCalls();
            for (int i = waiting.nextSetBit(0); i >= 0; i = waiting.nextSetBit(i + 1)) {
                top = spread(i, dirty, places, work, top);
            }
            for (int i = 0; i < code.size(); i++) {
                for (int handler : code.handlers(i)) {
                    // compilers let the handler of a synchronized block cover its own monitorexit: no loop in practice
                    if (handler <= i && code.insn(i).getOpcode() != Opcodes.MONITOREXIT) {
                        top = reach(handler, dirty, places, work, top);
                    }
                }
            }
            while (top > 0) {
                int at = work[--top];
                if (!places.get(at)) {
                    top = spread(at, dirty, places, work, top);
                }
            }
            for (int i = places.nextSetBit(0); i >= 0; i = places.nextSetBit(i + 1)) {
                points.add(new UpdatePoint(
                        points.size(), UpdatePoint.Kind.AFTER_CALL, i, i, unmodifiable(types.before(i))));
            }
        }

        private int spread(int from, BitSet dirty, BitSet places, int[] work, int count) {
            int top = count;
            for (int to : code.successors(from)) {
                if (!guardedEdges.contains(edge(from, to))) {
                    top = reach(to, dirty, places, work, top);
                }
            }
            for (int to : code.handlers(from)) {
                top = reach(to, dirty, places, work, top);
            }
            return top;
        }

        private int reach(int at, BitSet dirty, BitSet places, int[] work, int top) {
            if (dirty.get(at)) {
                return top;
            }
            dirty.set(at);
            places.set(at, isPlace(at));
            work[top] = at;
            return top + 1;
        }

        private static long edge(int from, int to) {
            return ((long) from << 32) | to;
        }

        /** Whether a guard may stand before the instruction. */
        private boolean isPlace(int i) {
            if (!code.isReal(i)) {
                return false;
            }
            AbstractInsnNode insn = code.insn(i);
            int opcode = insn.getOpcode();
            if (ControlFlow.isReturn(insn) || opcode == Opcodes.ATHROW || opcode == Opcodes.GOTO || opcode == Opcodes.MONITOREXIT) {
                // leaving anyway; or better placed at the target, which may be reached from elsewhere too
                return false;
            }
            if (insn instanceof VarInsnNode && opcode <= Opcodes.ALOAD) {
                int next = code.real(i + 1);
                if (next < code.size() && (ControlFlow.isReturn(code.insn(next)) || code.insn(next).getOpcode() == Opcodes.ATHROW)) {
                    return false;
                }
            }
            return reason(i, types.before(i)) == null;
        }

        private BitSet waitingCalls() {
            // how many loops of each sort an instruction is in: differences first, sums below
            int[] worker = new int[code.size() + 1];
            int[] counted = new int[code.size() + 1];
            for (UpdatePoint point : points) {
                int[] loops = isWorkerLoop(point.resume(), point.insn()) ? worker : counted;
                loops[point.resume()]++;
                loops[point.insn()]--;
            }
            BitSet waiting = new BitSet(code.size());
            int workers = 0;
            int counts = 0;
            for (int i = 0; i < code.size(); i++) {
                workers += worker[i];
                counts += counted[i];
                if (BlockingCalls.isBlocking(code.insn(i))
                        || workers > 0 && counts == 0 && code.insn(i) instanceof MethodInsnNode call && mayWait(call)) {
                    waiting.set(i);
                }
            }
            return waiting;
        }

        /** Leaves out what surely returns at once: string building and boxing. */
        private static boolean mayWait(MethodInsnNode call) {
            return !call.owner.startsWith("java/lang/") && !call.owner.startsWith("java/util/concurrent/atomic/");
        }

        /** Neither counted nor driven by an iterator, judged by the tests that leave the loop (its code taken as laid out). */
        private boolean isWorkerLoop(int first, int last) {
            BitSet counters = new BitSet();
            for (int i = first; i <= last; i++) {
                if (code.insn(i) instanceof IincInsnNode step) {
                    counters.set(step.var);
                }
            }
            for (int i = first; i <= last; i++) {
                if (!(code.insn(i) instanceof JumpInsnNode) || code.insn(i).getOpcode() == Opcodes.GOTO) {
                    continue;
                }
                boolean leaves = i == last;
                for (int to : code.successors(i)) {
                    leaves |= to < first || to > last;
                }
                if (leaves && isCountedTest(i, first, counters)) {
                    return false;
                }
            }
            return true;
        }

        private boolean isCountedTest(int test, int first, BitSet counters) {
            int seen = 0;
            for (int i = test - 1; i >= Math.max(0, first - 8) && seen < 6; i--) {
                AbstractInsnNode insn = code.insn(i);
                if (insn.getOpcode() < 0) {
                    continue;
                }
                if (insn instanceof JumpInsnNode) {
                    return false;
                }
                seen++;
                if (insn instanceof VarInsnNode load && insn.getOpcode() == Opcodes.ILOAD && counters.get(load.var)) {
                    return true;
                }
                if (insn instanceof IincInsnNode) {
                    return true;
                }
                if (insn instanceof MethodInsnNode call
                        && (call.name.equals("hasNext") || call.name.equals("hasMoreElements") || call.name.equals("hasMoreTokens"))) {
                    return true;
                }
            }
            return false;
        }

        private static List<Object> unmodifiable(Object[] types) {
            return Collections.unmodifiableList(Arrays.asList(types));
        }
    }
}
