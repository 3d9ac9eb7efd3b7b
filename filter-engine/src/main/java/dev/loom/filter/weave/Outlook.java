package dev.loom.filter.weave;

import dev.loom.filter.analysis.BlockingCalls;
import dev.loom.filter.analysis.Code;
import dev.loom.filter.analysis.Monitors;
import dev.loom.filter.analysis.RegionInterior;
import dev.loom.filter.analysis.SwitchPoint;
import dev.loom.filter.analysis.SwitchPoints;
import dev.loom.filter.analysis.SwitchPoints.Reason;
import dev.loom.filter.analysis.UnsafeLines;
import dev.loom.filter.weave.body.CannotWeave;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * What evacuation will be able to do for frames that run a method at the moment when its regions are woven, told from the class
 * file: where they move to the new code, and where they cannot and may stay long.
 *
 * @param switching lines of which a frame moves to new code: behind a call, or at a jump back
 * @param unsafe lines at which a frame could come to a region in old code, with the switch points in place
 * @param stuck places among them at which a frame may stay long
 * @param skipped places without a switch point, by reason
 */
public record Outlook(
        SortedSet<Integer> switching, UnsafeLines unsafe, List<Stuck> stuck, Map<Reason, Integer> skipped) {

    public Outlook {
        switching = Collections.unmodifiableSortedSet(new TreeSet<>(switching));
        stuck = List.copyOf(stuck);
        skipped = Map.copyOf(skipped);
    }

    /**
     * A part of a filter in the method: a region, or the line of an event.
     *
     * @param entries lines; empty for the whole method
     * @param exits lines; empty for the whole method, or where only returns are exits
     */
    public record Part(SortedSet<Integer> entries, SortedSet<Integer> exits) {}

    /**
     * A loop that a frame goes round, or a call in which it waits, without coming to a switch point before a region.
     *
     * @param first line, -1 if the class has no lines
     * @param last line
     * @param call what is waited for; empty for a loop
     * @param inside whether it lies inside a region: the frame is then in it already, and no switch point could help
     * @param why the reason in words
     */
    public record Stuck(int first, int last, String call, boolean inside, String why) {}

    /**
     * Looks at methods of one class.
     *
     * @param classFile unwoven
     * @param parts by method name and descriptor
     * @param classes finds other classes by internal name; asked only for class files older than version 51
     * @throws CannotWeave if the class is too old or too odd to be woven at all
     */
    public static Map<String, Outlook> of(
            byte[] classFile, Map<String, List<Part>> parts, Function<String, Optional<byte[]>> classes) {
        byte[] modern = Modernizer.isNeeded(classFile) ? Modernizer.modernize(classFile, classes) : classFile;
        ClassReader reader = new ClassReader(modern);
        String owner = reader.getClassName();
        Map<String, Outlook> result = new HashMap<>();
        reader.accept(new ClassVisitor(Opcodes.ASM9) {
            @Override
            public MethodVisitor visitMethod(int access, String name, String desc, String signature, String[] exceptions) {
                if (!parts.containsKey(name + desc)) {
                    return null;
                }
                return new MethodNode(Opcodes.ASM9, access, name, desc, signature, exceptions) {
                    @Override
                    public void visitEnd() {
                        if (instructions.size() > 0) {
                            result.put(name + desc, new Finder(owner, this, parts.get(name + desc)).find());
                        }
                    }
                };
            }
        }, ClassReader.EXPAND_FRAMES);
        return result;
    }

    private static final class Finder {
        private final String owner;
        private final MethodNode method;
        private final Code code;
        private final SwitchPoints points;
        private final List<RegionInterior> interiors = new ArrayList<>();
        private final List<Stuck> stuck = new ArrayList<>();

        Finder(String owner, MethodNode method, List<Part> parts) {
            this.owner = owner;
            this.method = method;
            code = Code.of(method);
            points = ClassWeaver.switchPoints(owner, method, code);
            parts.forEach(part -> interiors.add(RegionInterior.of(code, part.entries(), part.exits())));
        }

        Outlook find() {
            UnsafeLines lines = UnsafeLines.of(code, interiors, points.points());
            BitSet unsafe = UnsafeLines.unsafe(code, interiors, points.points());
            BitSet looping = loops(unsafe);
            calls(unsafe, looping);
            SortedSet<Integer> switching = new TreeSet<>();
            for (SwitchPoint point : points.points()) {
                int line = code.line(point.kind() == SwitchPoint.Kind.BACK_EDGE ? point.insn() : lastBefore(point.insn()));
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
            Map<Integer, Reason> reasons = SwitchPoints.unguarded(owner, method, code);
            Set<Long> guarded = new HashSet<>();
            for (SwitchPoint point : points.points()) {
                if (point.kind() == SwitchPoint.Kind.BACK_EDGE) {
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
                    stuck.add(new Stuck(code.line(i), code.line(i), name, false,
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
            Stuck one = new Stuck(last < 0 ? -1 : first, last, "", inside, why);
            if (!stuck.contains(one)) {
                stuck.add(one);
            }
        }
    }
}
