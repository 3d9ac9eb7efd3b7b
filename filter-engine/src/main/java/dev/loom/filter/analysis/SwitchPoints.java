package dev.loom.filter.analysis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
 * The switch points of a method body, by a rule that depends on the body alone: every back-edge, and behind calls that can keep a
 * frame waiting (the JDK's blocking calls anywhere; all calls in loops that are neither counted nor driven by an iterator).
 *
 * @param points in order of their numbers
 * @param skipped how many places had to stay without, by reason
 */
public record SwitchPoints(List<SwitchPoint> points, Map<Reason, Integer> skipped) {

    /** Why a place has no switch point. */
    public enum Reason {
        CONSTRUCTOR("constructors and class initializers cannot be called again"),
        MONITOR("a loop inside a synchronized block"),
        STACK("operands of an expression are on the stack"),
        UNINITIALIZED("an object is under construction"),
        RECEIVER("the variable of 'this' is used for something else"),
        SIZE("the method would grow over a limit of the JVM or its compiler"),
        OLD_SUBROUTINE("the class file uses subroutines that could not be inlined");

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

    private static final SwitchPoints EMPTY = new SwitchPoints(List.of(), Map.of());

    public SwitchPoints {
        points = List.copyOf(points);
        skipped = Collections.unmodifiableMap(skipped);
    }

    /** Whether a body may need points at all; cheap, and never wrongly false. */
    public static boolean mayHavePoints(MethodNode method) {
        if (method.instructions.size() == 0) {
            return false;
        }
        Set<LabelNode> seen = Collections.newSetFromMap(new java.util.IdentityHashMap<>());
        for (AbstractInsnNode insn = method.instructions.getFirst(); insn != null; insn = insn.getNext()) {
            if (insn instanceof LabelNode label) {
                seen.add(label);
            } else if (BlockingCalls.isBlocking(insn)) {
                return true;
            } else {
                for (LabelNode target : Code.targets(insn)) {
                    if (seen.contains(target)) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    /**
     * Finds the switch points of a body.
     *
     * @param owner internal name of the class
     * @param method its body, frames expanded and complete
     */
    public static SwitchPoints of(String owner, MethodNode method, Code code, Density density) {
        if (density == Density.NONE || !mayHavePoints(method)) {
            return EMPTY;
        }
        if (method.name.startsWith("<")) {
            return new SwitchPoints(List.of(), Map.of(Reason.CONSTRUCTOR, 1));
        }
        return new Finder(owner, method, code, density).find();
    }

    private static final class Finder {
        private final String owner;
        private final MethodNode method;
        private final Code code;
        private final Density density;
        private final VerifierTypes types;
        private final Monitors monitors;
        private final Map<Reason, Integer> skipped = new EnumMap<>(Reason.class);
        private final List<SwitchPoint> points = new ArrayList<>();
        private final BitSet guardedJumps;

        Finder(String owner, MethodNode method, Code code, Density density) {
            this.owner = owner;
            this.method = method;
            this.code = code;
            this.density = density;
            types = VerifierTypes.of(owner, method);
            monitors = Monitors.of(code);
            guardedJumps = new BitSet(code.size());
        }

        SwitchPoints find() {
            for (int i = 0; i < code.size(); i++) {
                if (!code.isReal(i)) {
                    continue;
                }
                int header = backwardTarget(i);
                if (header >= 0) {
                    backEdge(i, header);
                }
            }
            if (density == Density.ALL) {
                afterCalls();
            }
            return new SwitchPoints(points, skipped);
        }

        private int backwardTarget(int i) {
            int lowest = -1;
            for (int to : code.successors(i)) {
                if (to < i && code.insn(to) instanceof LabelNode) {
                    // a switch may jump back to several labels; the lowest is the outermost loop. Each gets its guard
                    lowest = to;
                    break;
                }
            }
            return lowest;
        }

        private void backEdge(int jump, int header) {
            int at = code.real(header);
            Object[] locals = at < code.size() ? types.before(at) : null;
            Reason reason = reason(at, locals);
            if (reason != null) {
                skip(reason);
                return;
            }
            for (int to : code.successors(jump)) {
                if (to < jump && code.insn(to) instanceof LabelNode) {
                    int resume = code.real(to);
                    Object[] there = types.before(resume);
                    if (reason(resume, there) == null) {
                        points.add(new SwitchPoint(points.size(), SwitchPoint.Kind.BACK_EDGE, jump, to, unmodifiable(there)));
                    }
                }
            }
            guardedJumps.set(jump);
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

        private void skip(Reason reason) {
            skipped.merge(reason, 1, Integer::sum);
        }

        private void afterCalls() {
            BitSet waiting = waitingCalls();
            if (waiting.isEmpty()) {
                return;
            }
            boolean[] dirty = new boolean[code.size()];
            boolean[] point = new boolean[code.size()];
            int[] work = new int[code.size() + 16];
            int top = 0;
            for (int i = waiting.nextSetBit(0); i >= 0; i = waiting.nextSetBit(i + 1)) {
                work = push(work, top++, i);
            }
            while (top > 0) {
                int at = work[--top];
                boolean out = waiting.get(at) || (dirty[at] && !point[at]);
                boolean thrown = waiting.get(at) || (dirty[at] && !point[at]);
                if (out && !guardedJumps.get(at)) {
                    for (int to : code.successors(at)) {
                        if (!dirty[to]) {
                            dirty[to] = true;
                            point[to] = isPlace(to);
                            work = push(work, top++, to);
                        }
                    }
                } else if (out) {
                    for (int to : code.successors(at)) {
                        if (to > at && !dirty[to]) {
                            dirty[to] = true;
                            point[to] = isPlace(to);
                            work = push(work, top++, to);
                        }
                    }
                }
                if (thrown) {
                    for (int to : code.handlers(at)) {
                        if (!dirty[to]) {
                            dirty[to] = true;
                            point[to] = isPlace(to);
                            work = push(work, top++, to);
                        }
                    }
                }
            }
            for (int i = 0; i < code.size(); i++) {
                if (point[i]) {
                    points.add(new SwitchPoint(
                            points.size(), SwitchPoint.Kind.AFTER_CALL, i, i, unmodifiable(types.before(i))));
                }
            }
        }

        /** Whether a guard may stand before the instruction. */
        private boolean isPlace(int i) {
            if (!code.isReal(i)) {
                return false;
            }
            AbstractInsnNode insn = code.insn(i);
            int opcode = insn.getOpcode();
            if (Code.isReturn(insn) || opcode == Opcodes.ATHROW || opcode == Opcodes.GOTO || opcode == Opcodes.MONITOREXIT) {
                // leaving anyway; or better placed at the target, which may be reached from elsewhere too
                return false;
            }
            return reason(i, types.before(i)) == null;
        }

        private BitSet waitingCalls() {
            BitSet waiting = new BitSet(code.size());
            for (int i = 0; i < code.size(); i++) {
                if (BlockingCalls.isBlocking(code.insn(i))) {
                    waiting.set(i);
                }
            }
            for (SwitchPoint point : points) {
                if (isWorkerLoop(point.resume(), point.insn())) {
                    for (int i = point.resume(); i < point.insn(); i++) {
                        if (code.insn(i) instanceof MethodInsnNode call && !isInCountedLoop(i) && mayWait(call)) {
                            waiting.set(i);
                        }
                    }
                }
            }
            return waiting;
        }

        /** Leaves out what surely returns at once: string building and boxing. */
        private static boolean mayWait(MethodInsnNode call) {
            return !call.owner.startsWith("java/lang/") && !call.owner.startsWith("java/util/concurrent/atomic/");
        }

        private boolean isInCountedLoop(int at) {
            for (SwitchPoint point : points) {
                if (point.kind() == SwitchPoint.Kind.BACK_EDGE && point.resume() <= at && at < point.insn()
                        && !isWorkerLoop(point.resume(), point.insn())) {
                    return true;
                }
            }
            return false;
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

        private static int[] push(int[] stack, int top, int value) {
            int[] room = top < stack.length ? stack : Arrays.copyOf(stack, stack.length * 2);
            room[top] = value;
            return room;
        }
    }
}
