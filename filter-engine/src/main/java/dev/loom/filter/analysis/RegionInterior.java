package dev.loom.filter.analysis;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.objectweb.asm.tree.MethodNode;

/**
 * Which instructions of a method body belong to a region, and where it is entered and left. Instruction numbers are indexes in
 * {@link MethodNode#instructions}.
 *
 * <p>The interior is every instruction that is reachable from an entry without passing an exit and either from which an exit is
 * reachable without passing an entry, or whose source line lies between the lowest and the highest event line of the region: so a
 * branch that throws or returns between the lines is inside to its end. Control that has left comes back through an entry only, so
 * an instruction counts by its line only where a way to it from an entry stays inside. Where a region names no exit, returns are
 * its exits. A method region is the whole body.
 *
 * <p>An exit is passed where the statement of its line is done, also if that goes on in other lines ({@link StatementOfLine}).
 *
 * <p>Between two entries of one region, the second of which the first always comes to, that rule alone would put the first outside.
 * An entry that is reached inside does nothing; so for an entry that is not inside by the rule, the way to an exit may pass the other
 * entries.
 *
 * @param entries real instructions before which the entry hook stands; each is inside, so that what it takes is given back
 * @param interior every instruction inside
 * @param exitTargets instructions outside that directly follow one inside (by falling through, by a jump or as the handler of an
 *     exception, be it asynchronous): the exit hook stands before each
 * @param exitEdges steps that leave an exit line towards an instruction inside (round a loop, say): the exit hook stands on the edge
 * @param missingLines entry or exit lines without code in this body
 * @param unreachedExits exit lines that no path from an entry reaches
 * @param deadEntries entry lines from none of whose code an exit can be reached, while from other entries one can
 * @param jumpsIn lines of instructions that lead into the interior behind an entry, from outside or over an exit
 */
public record RegionInterior(
        List<Integer> entries,
        BitSet interior,
        List<Integer> exitTargets,
        List<Edge> exitEdges,
        List<Integer> missingLines,
        List<Integer> unreachedExits,
        List<Integer> deadEntries,
        List<Integer> jumpsIn) {

    /** One step of control flow without an exception. */
    public record Edge(int from, int to) {}

    /**
     * Computes the interior of a region.
     *
     * @param owner internal name of the class
     * @param method its body; frames may be present or not
     * @param entryLines empty for a method region
     * @param exitLines empty where only the returns are exits
     */
    public static RegionInterior of(String owner, MethodNode method, SortedSet<Integer> entryLines, SortedSet<Integer> exitLines) {
        return of(ControlFlow.of(method), entryLines, exitLines);
    }

    /** Computes the interior of a region of a body whose control flow is known. */
    public static RegionInterior of(ControlFlow code, SortedSet<Integer> entryLines, SortedSet<Integer> exitLines) {
        if (entryLines.isEmpty()) {
            return wholeMethod(code);
        }
        List<Integer> missing = new ArrayList<>();
        Set<Integer> entries = new LinkedHashSet<>();
        for (int line : entryLines) {
            List<Integer> starts = entriesOf(code, line);
            if (starts.isEmpty()) {
                missing.add(line);
            }
            entries.addAll(starts);
        }
        ExitLines exitCode = ExitLines.of(code, exitLines);
        missing.addAll(exitCode.missing());
        BitSet forward = code.reachable(entries, (at, to) -> !exitCode.passes(at, to));
        SortedSet<Integer> unreached = new TreeSet<>(exitLines);
        BitSet ends = new BitSet(code.size());
        for (int i = forward.nextSetBit(0); i >= 0; i = forward.nextSetBit(i + 1)) {
            if (exitCode.has(i)) {
                unreached.remove(exitCode.line(i));
                unreached.remove(code.line(i));
                ends.set(i);
            }
        }
        if (ends.isEmpty()) {
            for (int i = forward.nextSetBit(0); i >= 0; i = forward.nextSetBit(i + 1)) {
                if (ControlFlow.isReturn(code.insn(i))) {
                    ends.set(i);
                }
            }
        }
        // a region whose exits and returns are all out of reach (an endless loop) is everything behind its entries
        BitSet interior = ends.isEmpty() ? forward : backward(code, forward, ends, entries, exitCode);
        SortedSet<Integer> dead = new TreeSet<>();
        List<Integer> living = new ArrayList<>();
        List<Integer> outside = new ArrayList<>();
        for (int entry : entries) {
            (interior.get(entry) ? living : outside).add(entry);
        }
        for (int entry : outside) {
            BitSet own = backward(code, code.reachable(Set.of(entry), (at, to) -> !exitCode.passes(at, to)), ends, Set.of(entry), exitCode);
            if (own.get(entry)) {
                living.add(entry);
                interior.or(own);
            } else {
                dead.add(code.line(entry));
            }
        }
        living.forEach(entry -> dead.remove(code.line(entry))); // another copy of a finally block
        addByLine(code, living, interior, exitCode, lowest(entryLines, exitLines), highest(entryLines, exitLines));
        unreached.removeAll(missing);
        return result(code, living, interior, exitCode, missing, new ArrayList<>(unreached), new ArrayList<>(dead));
    }

    private static BitSet backward(ControlFlow code, BitSet forward, BitSet ends, Set<Integer> entries, ExitLines exitCode) {
        BitSet seen = (BitSet) ends.clone();
        seen.and(forward);
        int[] stack = new int[code.size() + 1];
        int top = 0;
        for (int i = seen.nextSetBit(0); i >= 0; i = seen.nextSetBit(i + 1)) {
            stack[top++] = i;
        }
        while (top > 0) {
            int at = stack[--top];
            if (entries.contains(at) && !ends.get(at)) {
                continue;
            }
            for (int from : code.predecessors(at)) {
                if (forward.get(from) && !seen.get(from) && !exitCode.passes(from, at)) {
                    seen.set(from);
                    stack[top++] = from;
                }
            }
        }
        return seen;
    }

    /** Adds what is reachable from inside without leaving the lines between the lowest and the highest of the region. */
    private static void addByLine(
            ControlFlow code, List<Integer> entries, BitSet interior, ExitLines exitCode, int lowest, int highest) {
        interior.or(code.reachable(entries, (at, to) -> {
            int target = code.real(to); // a label belongs to the instruction behind it
            boolean inside = target < code.size()
                    && (interior.get(target) || code.line(target) >= lowest && code.line(target) <= highest);
            return inside && !exitCode.passes(at, to);
        }));
    }

    private static int lowest(SortedSet<Integer> entries, SortedSet<Integer> exits) {
        return exits.isEmpty() ? entries.first() : Math.min(entries.first(), exits.first());
    }

    private static int highest(SortedSet<Integer> entries, SortedSet<Integer> exits) {
        return exits.isEmpty() ? entries.last() : Math.max(entries.last(), exits.last());
    }

    private static RegionInterior result(
            ControlFlow code, List<Integer> entries, BitSet interior, ExitLines exitCode, List<Integer> missing, List<Integer> unreached,
            List<Integer> dead) {
        Set<Integer> targets = new TreeSet<>();
        List<Edge> edges = new ArrayList<>();
        SortedSet<Integer> jumpsIn = new TreeSet<>();
        BitSet live = code.reachable(List.of(0), new BitSet());
        for (int i = live.nextSetBit(0); i >= 0; i = live.nextSetBit(i + 1)) {
            if (interior.get(i)) {
                for (int to : code.successors(i)) {
                    if (!interior.get(to)) {
                        int target = code.real(to);
                        // labels in front of an instruction inside may themselves be outside: no exit lies there
                        if (target < code.size() && !interior.get(target)) {
                            targets.add(target);
                        } else if (exitCode.passes(i, to)) {
                            edges.add(new Edge(i, to));
                        }
                    } else if (exitCode.passes(i, to)) {
                        edges.add(new Edge(i, to));
                        if (!entries.contains(code.real(to))) {
                            jumpsIn.add(code.line(i));
                        }
                    }
                }
                for (int to : code.covering(i)) {
                    int target = code.real(to);
                    if (target < code.size() && !interior.get(target)) {
                        targets.add(target);
                    }
                }
            } else if (code.isReal(i)) {
                for (int[] next : new int[][] {code.successors(i), code.handlers(i)}) {
                    for (int to : next) {
                        int target = code.real(to);
                        if (target < code.size() && interior.get(target) && !entries.contains(target)) {
                            jumpsIn.add(code.line(i));
                        }
                    }
                }
            }
        }
        return new RegionInterior(
                List.copyOf(entries), interior, List.copyOf(targets), List.copyOf(edges), List.copyOf(missing),
                List.copyOf(unreached), List.copyOf(dead), List.copyOf(jumpsIn));
    }

    private static RegionInterior wholeMethod(ControlFlow code) {
        BitSet all = new BitSet(code.size());
        all.set(0, code.size());
        return new RegionInterior(List.of(code.real(0)), all, List.of(), List.of(), List.of(), List.of(), List.of(), List.of());
    }

    /**
     * The instructions at which control reaches a line: the first of the lowest run of its code, and of each run that the lowest
     * does not dominate (copies of a {@code finally} block). Code that nothing leads to does not count.
     */
    public static List<Integer> entriesOf(ControlFlow code, int line) {
        List<Integer> starts = new ArrayList<>();
        BitSet live = code.reachable(List.of(0), new BitSet());
        int previous = -1;
        for (int i = live.nextSetBit(0); i >= 0; i = live.nextSetBit(i + 1)) {
            if (code.isReal(i)) {
                if (code.line(i) == line && (previous < 0 || code.line(previous) != line)) {
                    starts.add(i);
                }
                previous = i;
            }
        }
        if (starts.size() < 2) {
            return starts;
        }
        BitSet lowest = new BitSet();
        lowest.set(starts.get(0));
        BitSet around = code.reachable(List.of(0), lowest);
        List<Integer> entries = new ArrayList<>();
        for (int start : starts) {
            if (start == starts.get(0) || around.get(start)) {
                entries.add(start);
            }
        }
        return entries;
    }
}
