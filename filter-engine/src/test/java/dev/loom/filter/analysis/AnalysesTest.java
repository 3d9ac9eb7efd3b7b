package dev.loom.filter.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.loom.filter.analysis.UpdatePoints.Density;
import dev.loom.filter.analysis.targets.MonitorTarget;
import dev.loom.filter.analysis.targets.RegionTarget;
import dev.loom.filter.analysis.targets.SwitchTarget;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

/** What the targets' comments say about their lines is what the analyses find. */
class AnalysesTest {

    private static Stream<String> regionTargets() throws Exception {
        return new Marks(RegionTarget.class)
                .methods().stream().map(m -> m.name).filter(n -> !n.equals("work") && !n.equals("test"));
    }

    @ParameterizedTest
    @MethodSource("regionTargets")
    void a_region_is_inside_where_the_target_says(String name) throws Exception {
        Marks marks = new Marks(RegionTarget.class);
        ControlFlow code = ControlFlow.of(marks.method(name));
        RegionInterior interior = RegionInterior.of(code, marks.lines(code, "enter"), marks.lines(code, "exit"));
        TreeMap<Integer, TreeSet<String>> found = new TreeMap<>();
        for (int i = 0; i < code.size(); i++) {
            if (code.isReal(i)) {
                found.computeIfAbsent(code.line(i), k -> new TreeSet<>()).add(interior.interior().get(i) ? "in" : "out");
            }
        }
        found.forEach((line, sides) -> {
            for (String side : List.of("in", "out", "mixed")) {
                if (marks.words(line).contains(side)) {
                    assertEquals(side.equals("mixed") ? new TreeSet<>(List.of("in", "out")) : new TreeSet<>(List.of(side)), sides,
                            "line " + line);
                }
            }
            int runs = marks.number(line, "runs");
            if (runs >= 0) {
                assertEquals(runs, interior.entries().stream().filter(e -> code.line(e) == line).count(), "entries at line " + line);
            }
        });
        assertEquals(List.copyOf(marks.lines(code, "jumpsIn")), interior.jumpsIn());
        assertEquals(List.copyOf(marks.lines(code, "unreached")), interior.unreachedExits());
        assertEquals(List.copyOf(marks.lines(code, "dead")), interior.deadEntries());
        assertEquals(List.of(), interior.missingLines());
        for (int entry : interior.entries()) {
            assertTrue(interior.interior().get(entry), "an entry hook outside the region would never be undone");
        }
    }

    @Test
    void a_line_without_code_is_missing() throws Exception {
        ControlFlow code = ControlFlow.of(new Marks(RegionTarget.class).method("straight"));
        assertEquals(List.of(1, 2), RegionInterior.of(code, new TreeSet<>(List.of(1)), new TreeSet<>(List.of(2))).missingLines());
    }

    @Test
    void a_method_region_is_the_whole_body() throws Exception {
        ControlFlow code = ControlFlow.of(new Marks(RegionTarget.class).method("leftByReturn"));
        RegionInterior interior = RegionInterior.of(code, new TreeSet<>(), new TreeSet<>());
        assertEquals(code.size(), interior.interior().cardinality());
        assertTrue(interior.exitTargets().isEmpty());
    }

    @Test
    void monitors_are_counted_where_the_target_says() throws Exception {
        Marks marks = new Marks(MonitorTarget.class);
        int checked = 0;
        for (MethodNode method : marks.methods()) {
            ControlFlow code = ControlFlow.of(method);
            Monitors monitors = Monitors.of(code);
            for (int i = 0; i < code.size(); i++) {
                int held = marks.number(code.line(i), "held");
                if (held >= 0 && code.insn(i) instanceof MethodInsnNode) {
                    assertEquals(held, monitors.before(i), method.name + " line " + code.line(i));
                    checked++;
                }
            }
        }
        assertEquals(12, checked);
    }

    @Test
    void update_points_stand_where_the_target_says() throws Exception {
        Marks marks = new Marks(SwitchTarget.class);
        for (MethodNode method : marks.methods()) {
            ControlFlow code = ControlFlow.of(method);
            UpdatePoints points = UpdatePoints.of(marks.type.name, method, code, Density.ALL);
            TreeMap<Integer, int[]> found = new TreeMap<>();
            for (UpdatePoint point : points.points()) {
                found.computeIfAbsent(code.line(point.insn()), k -> new int[2])[point.kind().ordinal()]++;
                assertFalse(VerifierTypes.hasUninitialized(point.locals().toArray()));
            }
            for (int line : new TreeSet<>(lines(code))) {
                int[] here = found.getOrDefault(line, new int[2]);
                assertEquals(Math.max(0, marks.number(line, "back")), here[0], method.name + ": back-edges of line " + line);
                assertEquals(Math.max(0, marks.number(line, "after")), here[1], method.name + ": after calls at line " + line);
            }
            boolean monitor = !marks.lines(code, "skipped(MONITOR)").isEmpty();
            assertEquals(monitor, points.skipped().containsKey(UpdatePoints.Reason.MONITOR), method.name);
        }
    }

    @Test
    void a_constructor_has_no_update_points_and_says_why() throws Exception {
        Marks marks = new Marks(SwitchTarget.class);
        MethodNode method = marks.method("counted");
        method.name = "<init>";
        UpdatePoints points = UpdatePoints.of(marks.type.name, method, ControlFlow.of(method), Density.ALL);
        assertTrue(points.points().isEmpty());
        assertEquals(1, points.skipped().get(UpdatePoints.Reason.CONSTRUCTOR));
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
