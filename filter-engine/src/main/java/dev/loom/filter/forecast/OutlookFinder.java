package dev.loom.filter.forecast;

import dev.loom.filter.analysis.BlockingCalls;
import dev.loom.filter.analysis.ControlFlow;
import dev.loom.filter.analysis.Monitors;
import dev.loom.filter.analysis.RegionInterior;
import dev.loom.filter.analysis.UnsafeLines;
import dev.loom.filter.analysis.UpdatePoint;
import dev.loom.filter.analysis.UpdatePoints;
import dev.loom.filter.analysis.UpdatePoints.Reason;
import dev.loom.filter.weave.body.MethodBody;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

/** Looks at one method for its {@link Outlook}. */
final class OutlookFinder {
    private final String owner;
    private final MethodNode method;
    private final ControlFlow code;
    private final UpdatePoints points;
    private final List<RegionInterior> interiors = new ArrayList<>();
    private final List<Outlook.Stuck> stuck = new ArrayList<>();

    OutlookFinder(MethodBody body, List<Outlook.Part> parts) {
        owner = body.owner();
        method = body.method();
        code = body.code();
        points = body.points();
        parts.forEach(part -> interiors.add(RegionInterior.of(code, part.entries(), part.exits())));
    }

    Outlook find() {
        UnsafeLines lines = UnsafeLines.of(code, interiors, points.points());
        BitSet unsafe = UnsafeLines.unsafe(code, interiors, points.points());
        BitSet looping = loops(unsafe);
        calls(unsafe, looping);
        SortedSet<Integer> switching = new TreeSet<>();
        for (UpdatePoint point : points.points()) {
            int line = code.line(point.kind() == UpdatePoint.Kind.BACK_EDGE ? point.insn() : lastBefore(point.insn()));
            if (line > 0) {
                switching.add(line);
            }
        }
        return new Outlook(switching, lines, stuck, points.skipped());
    }

    /** The guard stands before an instruction: for people, behind the code in front of it. */
    private int lastBefore(int insn) {
        int at = insn - 1;
        while (at > 0 && !code.isReal(at)) {
            at--;
        }
        return Math.max(0, at);
    }

    /** Reports the loops that hold a frame in old code; returns what lies in them. */
    private BitSet loops(BitSet unsafe) {
        Map<Integer, Reason> reasons = UpdatePoints.unguarded(owner, method, code);
        Set<Long> guarded = new HashSet<>();
        for (UpdatePoint point : points.points()) {
            if (point.kind() == UpdatePoint.Kind.BACK_EDGE) {
                guarded.add(((long) point.insn() << 32) | point.resume());
            }
        }
        BitSet looping = new BitSet();
        BitSet live = code.reachable(List.of(0), new BitSet());
        for (int i = live.nextSetBit(0); i >= 0; i = live.nextSetBit(i + 1)) {
            for (int to : code.successors(i)) {
                if (to > i || !(code.insn(to) instanceof LabelNode) || !unsafe.get(i)) {
                    continue;
                }
                BitSet loop = loop(i, to);
                if (isInside(i, to)) {
                    if (isInside(loop) && keeps(loop)) {
                        add(loop, true, "the loop lies inside the region");
                        looping.or(loop);
                    }
                } else if (!guarded.contains(((long) i << 32) | to)) {
                    add(loop, false, reasons.getOrDefault(i, Reason.SIZE).text());
                    looping.or(loop);
                }
            }
        }
        return looping;
    }

    private boolean isInside(int jump, int header) {
        return interiors.stream().anyMatch(r -> r.interior().get(jump) && r.interior().get(code.real(header)));
    }

    /** Whether a frame that goes round in a loop never leaves one of the regions. */
    private boolean isInside(BitSet loop) {
        return interiors.stream().anyMatch(region -> {
            for (int i = loop.nextSetBit(0); i >= 0; i = loop.nextSetBit(i + 1)) {
                if (code.isReal(i) && !region.interior().get(i)) {
                    return false;
                }
            }
            return region.exitEdges().stream().noneMatch(e -> loop.get(e.from()) && loop.get(e.to()));
        });
    }

    /** The natural loop of a jump back: what leads to the jump without passing the header. */
    private BitSet loop(int jump, int header) {
        BitSet loop = new BitSet();
        loop.set(header);
        int[] stack = new int[code.size() + 1];
        int top = 0;
        if (!loop.get(jump)) {
            loop.set(jump);
            stack[top++] = jump;
        }
        while (top > 0) {
            for (int from : code.predecessors(stack[--top])) {
                if (!loop.get(from)) {
                    loop.set(from);
                    stack[top++] = from;
                }
            }
        }
        return loop;
    }

    /** Whether a frame may stay in a loop for good: nothing but an exception leaves it, or it waits there. */
    private boolean keeps(BitSet loop) {
        boolean leaves = false;
        for (int i = loop.nextSetBit(0); i >= 0; i = loop.nextSetBit(i + 1)) {
            if (BlockingCalls.isBlocking(code.insn(i))) {
                return true;
            }
            for (int to : code.successors(i)) {
                leaves |= !loop.get(to);
            }
        }
        return !leaves;
    }

    /** Reports waiting calls outside all regions from which a frame comes to a region in old code. */
    private void calls(BitSet unsafe, BitSet looping) {
        Monitors monitors = Monitors.of(code);
        for (int i = unsafe.nextSetBit(0); i >= 0; i = unsafe.nextSetBit(i + 1)) {
            int at = i;
            if (BlockingCalls.isBlocking(code.insn(i)) && !looping.get(i)
                    && interiors.stream().noneMatch(r -> r.interior().get(at))) {
                MethodInsnNode call = (MethodInsnNode) code.insn(i);
                Reason reason = method.name.startsWith("<") ? Reason.CONSTRUCTOR
                        : monitors.before(i) > 0 ? Reason.MONITOR
                        : points.skipped().containsKey(Reason.SIZE) ? Reason.SIZE : Reason.STACK;
                String name = call.owner.substring(call.owner.lastIndexOf('/') + 1).replace('$', '.') + "." + call.name;
                stuck.add(new Outlook.Stuck(code.line(i), code.line(i), name, false,
                        reason == Reason.MONITOR ? "the call stands inside a synchronized block" : reason.text()));
            }
        }
    }

    private void add(BitSet loop, boolean inside, String why) {
        int first = Integer.MAX_VALUE;
        int last = -1;
        for (int i = loop.nextSetBit(0); i >= 0; i = loop.nextSetBit(i + 1)) {
            if (code.isReal(i) && code.line(i) > 0) {
                first = Math.min(first, code.line(i));
                last = Math.max(last, code.line(i));
            }
        }
        Outlook.Stuck one = new Outlook.Stuck(last < 0 ? -1 : first, last, "", inside, why);
        if (!stuck.contains(one)) {
            stuck.add(one);
        }
    }
}
