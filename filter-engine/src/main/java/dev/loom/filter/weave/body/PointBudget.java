package dev.loom.filter.weave.body;

import dev.loom.filter.analysis.ControlFlow;
import dev.loom.filter.analysis.UpdatePoints;
import dev.loom.filter.analysis.UpdatePoints.Density;
import dev.loom.filter.analysis.UpdatePoints.Reason;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.objectweb.asm.commons.CodeSizeEvaluator;
import org.objectweb.asm.tree.MethodNode;

/** How many update points a body has room for. It depends on the unwoven body alone: all versions have the same points. */
public final class PointBudget {

    /** What is tried, in this order. {@code -Ddev.loom.weave.backEdgesOnly=true} leaves out the points after calls, to measure them. */
    private static final List<Density> DENSITIES = Boolean.getBoolean("dev.loom.weave.backEdgesOnly")
            ? List.of(Density.BACK_EDGES)
            : List.of(Density.ALL, Density.BACK_EDGES);

    private static final UpdatePoints NONE = new UpdatePoints(List.of(), Map.of());

    private PointBudget() {}

    /** The update points that every version of a method has; the method must be as read with {@code EXPAND_FRAMES}. */
    public static UpdatePoints points(String owner, MethodNode method, ControlFlow code) {
        if (!UpdatePoints.mayHavePoints(method)) {
            return NONE;
        }
        int size = codeSize(method);
        // a method that the JIT compiles must stay one that it compiles
        int limit = size > UpdatePoints.HUGE_METHOD ? 60_000 : UpdatePoints.HUGE_METHOD - 300;
        boolean reduced = false;
        for (Density density : DENSITIES) {
            UpdatePoints points = UpdatePoints.of(owner, method, code, density);
            if (size + growth(points) <= limit) {
                return reduced ? withSkip(points) : points;
            }
            reduced = true;
        }
        return new UpdatePoints(List.of(), Map.of(Reason.SIZE, 1));
    }

    /** Upper bound of the bytes that a body takes. */
    public static int codeSize(MethodNode method) {
        CodeSizeEvaluator size = new CodeSizeEvaluator(null);
        method.accept(size);
        return size.getMaxSize();
    }

    private static UpdatePoints withSkip(UpdatePoints points) {
        Map<Reason, Integer> skipped = new EnumMap<>(Reason.class);
        skipped.putAll(points.skipped());
        skipped.merge(Reason.SIZE, 1, Integer::sum);
        return new UpdatePoints(points.points(), skipped);
    }

    /** Upper estimate of the code that points add to a woven version: guards, stubs, restores. */
    private static int growth(UpdatePoints points) {
        int bytes = points.points().isEmpty() ? 0 : 120;
        for (var point : points.points()) {
            bytes += 40 + point.locals().size() * 15;
        }
        return bytes;
    }
}
