package dev.loom.filter.check;

import dev.loom.filter.analysis.RegionInterior;
import dev.loom.filter.analysis.Suspensions;
import dev.loom.filter.diagnostic.DiagnosticCode;
import dev.loom.filter.diagnostic.Diagnostics;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FieldInsnNode;

/**
 * Whether a coroutine would leave its method in the middle of a region, or of an event's line: the lock would be given back there, and
 * nothing be held when the coroutine goes on.
 */
final class SuspendCheck implements RegionCheck {

    private static final int MAX_PARTS = 4;
    /** Pieces of code tried on the way to what can be named instead. */
    private static final int MAX_TRIED = 200;
    /** Lines of the file itself in what Kotlin says about code that it has copied from inline functions. */
    private static final Pattern OWN_LINES = Pattern.compile("(?m)^1#1,(\\d+):1$");

    @Override
    public void check(RegionView view, Diagnostics out) {
        BitSet inside = points(view);
        inside.and(view.interior().interior());
        if (inside.isEmpty()) {
            return;
        }
        out.report(
                DiagnosticCode.SUSPENDS, view.span(),
                view.body().shown() + " is a coroutine: it can leave its method in " + lines(view, inside)
                        + " and go on later, in a thread that holds nothing",
                hint(view));
    }

    /** An event would count as completed where its line is only suspended. */
    static void checkEvent(RegionView view, Diagnostics out) {
        BitSet inside = points(view);
        inside.and(view.interior().interior());
        if (!inside.isEmpty()) {
            out.report(
                    DiagnosticCode.SUSPENDS, view.span(),
                    view.body().shown() + " is a coroutine: it can leave its method in " + lines(view, inside)
                            + " before the line is done, so nobody could tell when the event has completed",
                    "name a line that does not suspend, before it or behind it");
        }
    }

    /** Whether a region has a suspension point inside. */
    static boolean suspends(RegionView view) {
        return points(view).intersects(view.interior().interior());
    }

    /** Whether the body of a region is a coroutine. */
    static boolean isCoroutine(RegionView view) {
        return !points(view).isEmpty();
    }

    /** What can be named instead of a region in a coroutine. */
    static String hint(RegionView view) {
        List<String> parts = parts(view);
        String other = "code that it calls and that does not suspend";
        return parts.isEmpty()
                ? "name " + other
                : "name what is not suspended, each part a region of its own: " + String.join(", ", parts) + "; or " + other;
    }

    private static BitSet points(RegionView view) {
        return Suspensions.of(view.body().owner(), view.code());
    }

    private static String lines(RegionView view, BitSet points) {
        SortedSet<Integer> lines = new TreeSet<>();
        points.stream().map(view.code()::line).filter(line -> line > 0).forEach(lines::add);
        return lines.isEmpty() ? "code without line numbers"
                : (lines.size() == 1 ? "line " : "lines ") + lines.stream().map(String::valueOf).collect(Collectors.joining(", "));
    }

    /** The longest pieces between the suspension points, within the lines of the region, that can be regions. */
    private static List<String> parts(RegionView view) {
        List<String> parts = new ArrayList<>();
        int tried = 0;
        for (List<Integer> run : runs(view)) {
            for (int from = 0; from < run.size(); from++) {
                for (int to = run.size() - 1; to >= from && parts.size() < MAX_PARTS && tried++ < MAX_TRIED; to--) {
                    if (holds(view, run.get(from), run.get(to))) {
                        String name = view.body().shownName() + ":";
                        parts.add(from == to ? name + run.get(from) : "{ " + name + run.get(from) + " ; " + name + run.get(to) + " }");
                        from = to;
                        break;
                    }
                }
            }
        }
        return parts;
    }

    /** Lines that follow each other without a suspension point. */
    private static List<List<Integer>> runs(RegionView view) {
        SortedSet<Integer> all = new TreeSet<>();
        SortedSet<Integer> without = new TreeSet<>();
        BitSet points = points(view);
        for (int i = 0; i < view.code().size(); i++) {
            int line = view.code().line(i);
            if (view.code().isReal(i) && line > 0 && isAsked(view, line)) {
                boolean divides = points.get(i) || view.code().insn(i).getOpcode() == Opcodes.TABLESWITCH;
                if (divides) {
                    without.add(line);
                }
                if (divides || !isTrivial(view.code().insn(i))) {
                    all.add(line);
                }
            }
        }
        List<List<Integer>> runs = new ArrayList<>();
        List<Integer> run = new ArrayList<>();
        for (int line : all) {
            if (without.contains(line)) {
                runs.add(run);
                run = new ArrayList<>();
            } else {
                run.add(line);
            }
        }
        runs.add(run);
        return runs;
    }

    private static boolean isAsked(RegionView view, int line) {
        if (view.region().isWholeMethod()) {
            String inlined = view.body().owner().sourceDebug;
            Matcher own = OWN_LINES.matcher(inlined == null ? "" : inlined);
            return !own.find() || line <= Integer.parseInt(own.group(1));
        }
        SortedSet<Integer> lines = new TreeSet<>(view.region().entries());
        lines.addAll(view.region().exits());
        return line >= lines.first() && line <= lines.last();
    }

    /** What the compiler adds to the last line. */
    private static boolean isTrivial(AbstractInsnNode insn) {
        int opcode = insn.getOpcode();
        return opcode == Opcodes.NOP || opcode == Opcodes.GOTO || opcode == Opcodes.ARETURN || opcode == Opcodes.POP
                || insn instanceof FieldInsnNode field && field.owner.equals("kotlin/Unit");
    }

    private static boolean holds(RegionView view, int first, int last) {
        RegionInterior part = RegionInterior.of(view.code(), new TreeSet<>(List.of(first)), new TreeSet<>(List.of(last)));
        return !part.entries().isEmpty() && part.missingLines().isEmpty() && part.unreachedExits().isEmpty() && part.deadEntries().isEmpty()
                && part.jumpsIn().isEmpty() && !part.interior().intersects(points(view));
    }
}
