package dev.loom.filter.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.loom.filter.analysis.UpdatePoints.Density;
import dev.loom.filter.analysis.targets.RegionTarget;
import dev.loom.filter.analysis.targets.SwitchTarget;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.objectweb.asm.tree.MethodNode;

/** What is called safe is safe on every path. */
class UnsafeLinesTest {

    /** Whether a frame that goes on from here may come into the region without a guard: tries the paths, one after the other. */
    private static boolean mayHarm(ControlFlow code, BitSet inside, List<UpdatePoint> points, int start) {
        BitSet tried = new BitSet();
        List<Integer> path = new ArrayList<>(List.of(start));
        while (!path.isEmpty()) {
            int at = path.remove(path.size() - 1);
            if (inside.get(at)) {
                return true;
            }
            if (tried.get(at)) {
                continue;
            }
            tried.set(at);
            for (int to : code.successors(at)) {
                boolean guarded = points.stream().anyMatch(p -> p.kind() == UpdatePoint.Kind.AFTER_CALL
                        ? p.insn() == to
                        : p.insn() == at && p.resume() == to);
                if (!guarded) {
                    path.add(to);
                }
            }
            for (int to : code.covering(at)) {
                if (points.stream().noneMatch(p -> p.kind() == UpdatePoint.Kind.AFTER_CALL && p.insn() == to)) {
                    path.add(to);
                }
            }
        }
        return false;
    }

    @Test
    void every_instruction_is_unsafe_exactly_if_a_path_leads_into_a_region_without_a_guard() throws Exception {
        int checked = 0;
        for (Class<?> target : List.of(SwitchTarget.class, RegionTarget.class)) {
            Marks marks = new Marks(target);
            for (MethodNode method : marks.methods()) {
                ControlFlow code = ControlFlow.of(method);
                for (Density density : Density.values()) {
                    List<UpdatePoint> points = UpdatePoints.of(marks.type.name, method, code, density).points();
                    for (int line : new TreeSet<>(lines(code))) {
                        RegionInterior interior = RegionInterior.of(code, one(line), one(line));
                        BitSet unsafe = UnsafeLines.unsafe(code, List.of(interior), points);
                        UnsafeLines result = UnsafeLines.of(code, List.of(interior), points);
                        for (int i = 0; i < code.size(); i++) {
                            boolean harmful = mayHarm(code, interior.interior(), points, i);
                            assertEquals(harmful, unsafe.get(i), method.name + " region " + line + " instruction " + i);
                            if (harmful && code.isReal(i)) {
                                assertTrue(result.isUnsafe(code.line(i), null));
                            }
                            checked++;
                        }
                        for (UpdatePoint point : points) {
                            if (unsafe.get(point.resume())) {
                                // the guard may have been asked before it was on
                                assertTrue(result.isUnsafe(code.line(point.insn()), null), method.name);
                            }
                        }
                    }
                }
            }
        }
        assertTrue(checked > 5_000, "only " + checked);
    }

    @Test
    void a_worker_that_waits_for_its_next_job_is_safe_and_one_that_does_a_job_in_the_region_is_not() throws Exception {
        Marks marks = new Marks(SwitchTarget.class);
        MethodNode method = marks.method("worker");
        ControlFlow code = ControlFlow.of(method);
        TreeSet<Integer> lines = lines(code);
        assertEquals(3, lines.size(), "the call, the job, and the jump back");
        int take = lines.first();
        int run = lines.higher(take);
        List<UpdatePoint> points = UpdatePoints.of(marks.type.name, method, code, Density.ALL).points();
        RegionInterior interior = RegionInterior.of(code, one(run), one(run));
        UnsafeLines prepared = UnsafeLines.of(code, List.of(interior), points);
        assertFalse(prepared.isUnsafe(take, "take"));
        assertTrue(prepared.isUnsafe(run, "run"));
        UnsafeLines unprepared = UnsafeLines.of(code, List.of(interior), List.of());
        assertTrue(unprepared.isUnsafe(take, "take"));
    }

    @Test
    void what_the_jvm_calls_by_itself_makes_no_unsafe_line_safe() throws Exception {
        Marks marks = new Marks(SwitchTarget.class);
        MethodNode method = marks.method("counted");
        ControlFlow code = ControlFlow.of(method);
        int adds = lines(code).higher(lines(code).higher(lines(code).first()));
        List<UpdatePoint> points = UpdatePoints.of(marks.type.name, method, code, Density.ALL).points();
        UnsafeLines lines = UnsafeLines.of(code, List.of(RegionInterior.of(code, one(adds), one(adds))), points);
        assertTrue(lines.isUnsafe(adds, "linkCallSite"), "a line that calls nothing links its update point");
        assertTrue(lines.isUnsafe(adds, "loadClass"));
        assertTrue(lines.isUnsafe(adds, UnsafeLines.called("java.lang.NullPointerException", "<init>")));
    }

    private static SortedSet<Integer> one(int line) {
        return new TreeSet<>(List.of(line));
    }

    private static TreeSet<Integer> lines(ControlFlow code) {
        TreeSet<Integer> lines = new TreeSet<>();
        for (int i = 0; i < code.size(); i++) {
            if (code.isReal(i)) {
                lines.add(code.line(i));
            }
        }
        return lines;
    }
}
