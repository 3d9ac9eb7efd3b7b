package dev.loom.filter.explain;

import dev.loom.filter.analysis.ControlFlow;
import dev.loom.filter.analysis.EventLine;
import dev.loom.filter.analysis.RegionInterior;
import dev.loom.filter.plan.EventPlan;
import dev.loom.filter.plan.MethodPlan;
import dev.loom.filter.plan.RegionPlan;
import dev.loom.filter.weave.body.CannotWeave;
import dev.loom.filter.weave.body.MethodBody;
import dev.loom.filter.weave.body.WovenBody;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;

/**
 * Where the hooks of one method stand, by source line. What is entered and left is numbered from 1: the regions of the plan, then its
 * events. Ways out by an exception are on no line; each leaves.
 *
 * @param lines every line that has code, in order
 */
public record HookLines(SortedMap<Integer, Line> lines) {

    public HookLines {
        lines = Collections.unmodifiableSortedMap(new TreeMap<>(lines));
    }

    /**
     * One source line.
     *
     * @param enters what is entered, or waited for, before its first instruction
     * @param inside what its code, or part of it, is inside
     * @param leaves what is left, or has completed, by code of this line
     * @param does what it calls and writes, {@code calls Account#debit}
     */
    public record Line(SortedSet<Integer> enters, SortedSet<Integer> inside, SortedSet<Integer> leaves, Set<String> does) {

        Line() {
            this(new TreeSet<>(), new TreeSet<>(), new TreeSet<>(), new LinkedHashSet<>());
        }
    }

    /**
     * Looks at one method.
     *
     * @param classFile unwoven
     * @param classes finds other classes by internal name; asked only for class files older than version 51
     * @throws CannotWeave if the class is too old or too odd to be woven at all
     */
    public static HookLines of(byte[] classFile, MethodPlan plan, Function<String, Optional<byte[]>> classes) {
        SortedMap<Integer, Line> lines = new TreeMap<>();
        MethodBody.read(classFile, plan.method()::equals, classes).forEach(body -> new Finder(body, lines).find(plan));
        return new HookLines(lines);
    }

    private static final class Finder {

        private final MethodBody body;
        private final ControlFlow code;
        private final SortedMap<Integer, Line> lines;

        Finder(MethodBody body, SortedMap<Integer, Line> lines) {
            this.body = body;
            this.lines = lines;
            code = body.code();
        }

        void find(MethodPlan plan) {
            for (int i = 0; i < code.size(); i++) {
                if (code.isReal(i) && code.line(i) > 0) {
                    does(code.insn(i), line(i));
                }
            }
            int number = 1;
            for (RegionPlan region : plan.regions()) {
                RegionInterior interior = RegionInterior.of(code, region.entryLines(), region.exitLines());
                AbstractInsnNode start = region.isWholeMethod() && body.method().name.equals("<init>") ? WovenBody.behindSuper(body.method()) : null;
                mark(number++, interior, start == null ? 0 : code.indexOf(start), null);
            }
            for (EventPlan event : plan.events()) {
                EventLine occurrence = EventLine.of(code, body.types(), event.line());
                mark(number++, occurrence.interior(), 0, occurrence.completing());
            }
        }

        /** @param completing of an event, where it has completed; null for a region */
        private void mark(int number, RegionInterior interior, int start, @Nullable Set<Integer> completing) {
            interior.entries().forEach(entry -> line(Math.max(entry, start)).enters().add(number));
            interior.exitEdges().forEach(edge -> line(edge.from()).leaves().add(number));
            for (int i = interior.interior().nextSetBit(start); i >= 0; i = interior.interior().nextSetBit(i + 1)) {
                if (!code.isReal(i)) {
                    continue;
                }
                line(i).inside().add(number);
                boolean leaves = ControlFlow.isReturn(code.insn(i));
                for (int to : code.successors(i)) {
                    int target = code.real(to);
                    leaves |= target < code.size() && !interior.interior().get(target)
                            && (completing == null || completing.contains(target));
                }
                if (leaves) {
                    line(i).leaves().add(number);
                }
            }
        }

        private Line line(int index) {
            return lines.computeIfAbsent(Math.max(0, code.line(index)), k -> new Line());
        }

        private void does(AbstractInsnNode insn, Line line) {
            if (insn instanceof MethodInsnNode call) {
                line.does().add("calls " + simple(call.owner) + "#" + call.name);
            } else if (insn instanceof FieldInsnNode field
                    && (insn.getOpcode() == Opcodes.PUTFIELD || insn.getOpcode() == Opcodes.PUTSTATIC)) {
                line.does().add("writes " + simple(field.owner) + "." + field.name);
            } else if (insn.getOpcode() == Opcodes.MONITORENTER) {
                line.does().add("takes a monitor");
            } else if (insn.getOpcode() == Opcodes.ATHROW) {
                line.does().add("throws");
            } else if (ControlFlow.isReturn(insn)) {
                line.does().add("returns");
            }
        }

        private static String simple(String internalName) {
            return internalName.substring(internalName.lastIndexOf('/') + 1);
        }
    }
}
