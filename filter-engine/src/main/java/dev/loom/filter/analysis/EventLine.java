package dev.loom.filter.analysis;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Where a line of a method body begins and ends as an event of an order.
 *
 * <p>An occurrence begins at the line's entries, as those of a region do. It lasts as long as control stays on the line, and beyond it
 * while the operands of an expression that goes on there are being computed: in a call that is written on several lines the compiler
 * comes back to the first for the call itself, and calls a constructor without coming back. So it ends where a person would say that the line is done; code that the compiler
 * gives the same line later on (the step of a {@code for} loop, the closing of a resource) belongs to no occurrence.
 *
 * <p>A loop that is written on one line is one occurrence; but where a loop consists of the line and nothing leads out of it, each
 * round is one.
 *
 * @param interior entries and what is inside; its {@code exitTargets} are where it is left, by whatever way, and its
 *     {@code exitEdges} are steps on which it has completed, though an exception may lead to the same place, or another round begins
 * @param completing those of the exit targets at which it has completed; at the others an exception has led out of it
 */
public record EventLine(RegionInterior interior, Set<Integer> completing) {

    /** Finds the occurrences of a line; the types tell where operands are on the stack. */
    public static EventLine of(ControlFlow code, VerifierTypes types, int line) {
        List<Integer> entries = RegionInterior.entriesOf(code, line);
        BitSet mine = StatementOfLine.of(code, types::hasOperands, line);
        BitSet inside = inside(code, entries, mine);
        Set<Integer> completing = new TreeSet<>();
        Set<Integer> thrown = new TreeSet<>();
        boolean ends = false;
        for (int i = inside.nextSetBit(0); i >= 0; i = inside.nextSetBit(i + 1)) {
            ends |= ControlFlow.isReturn(code.insn(i));
            for (int to : code.successors(i)) {
                addIfOutside(code, inside, to, completing);
            }
            for (int to : code.covering(i)) {
                addIfOutside(code, inside, to, thrown);
            }
        }
        ends |= !completing.isEmpty();
        Set<Integer> both = new TreeSet<>(completing);
        both.retainAll(thrown);
        List<RegionInterior.Edge> edges = new ArrayList<>();
        for (int i = inside.nextSetBit(0); i >= 0; i = inside.nextSetBit(i + 1)) {
            for (int to : code.successors(i)) {
                int target = code.real(to);
                if (code.isReal(i) && (both.contains(target) || !ends && entries.contains(target))) {
                    edges.add(new RegionInterior.Edge(i, to));
                }
            }
        }
        completing.removeAll(both);
        Set<Integer> targets = new TreeSet<>(completing);
        targets.addAll(thrown);
        List<Integer> missing = entries.isEmpty() ? List.of(line) : List.of();
        RegionInterior interior = new RegionInterior(
                List.copyOf(entries), inside, List.copyOf(targets), List.copyOf(edges), missing, List.of(), List.of(), List.of());
        return new EventLine(interior, Set.copyOf(completing));
    }

    private static void addIfOutside(ControlFlow code, BitSet inside, int to, Set<Integer> targets) {
        int target = code.real(to);
        if (target < code.size() && !inside.get(target)) {
            targets.add(target);
        }
    }

    private static BitSet inside(ControlFlow code, List<Integer> entries, BitSet mine) {
        BitSet inside = new BitSet(code.size());
        List<Integer> work = new ArrayList<>(entries);
        entries.forEach(inside::set);
        while (!work.isEmpty()) {
            int at = work.remove(work.size() - 1);
            for (int[] next : new int[][] {code.successors(at), code.handlers(at)}) {
                for (int to : next) {
                    if (mine.get(to) && !inside.get(to)) {
                        inside.set(to);
                        work.add(to);
                    }
                }
            }
        }
        return inside;
    }
}
