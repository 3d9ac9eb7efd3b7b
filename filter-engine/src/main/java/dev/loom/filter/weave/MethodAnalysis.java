package dev.loom.filter.weave;

import dev.loom.filter.analysis.Code;
import dev.loom.filter.analysis.RegionInterior;
import dev.loom.filter.analysis.SwitchPoint;
import dev.loom.filter.analysis.SwitchPoints;
import dev.loom.filter.analysis.UnsafeLines;
import dev.loom.filter.analysis.VerifierTypes;
import dev.loom.filter.weave.body.BodyHash;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * Where frames of a method can be moved, and where they could do harm before that: what evacuation has to know about the older
 * versions' code.
 *
 * @param prepared for code that has switch points
 * @param unprepared for code from before the agent came
 * @param points all the method's switch points
 * @param usablePoints how many of them work
 * @param bodyHash names the unwoven body: a frame goes on only in code made from the same
 */
public record MethodAnalysis(
        UnsafeLines prepared, UnsafeLines unprepared, SwitchPoints points, int usablePoints, String bodyHash) {

    /**
     * Analyses methods of one class.
     *
     * @param classFile unwoven
     * @param regions by method name and descriptor
     * @param hasPoints whether the class was prepared with switch points when it was loaded
     * @param usable whether a local of the given verification type (a class name) can be moved
     */
    public static Map<String, MethodAnalysis> of(
            byte[] classFile, Map<String, List<MethodWeaving.Region>> regions, boolean hasPoints,
            Function<String, Optional<byte[]>> classes, Predicate<String> usable) {
        byte[] modern = Modernizer.isNeeded(classFile) ? Modernizer.modernize(classFile, classes) : classFile;
        ClassNode type = new ClassNode();
        new ClassReader(modern).accept(type, ClassReader.EXPAND_FRAMES);
        Map<String, MethodAnalysis> result = new HashMap<>();
        for (MethodNode method : type.methods) {
            List<MethodWeaving.Region> plans = regions.get(method.name + method.desc);
            if (plans == null) {
                continue;
            }
            Code code = Code.of(method);
            List<RegionInterior> interiors = new ArrayList<>();
            VerifierTypes types = plans.stream().anyMatch(plan -> plan.event() != null) ? VerifierTypes.of(type.name, method) : null;
            for (MethodWeaving.Region plan : plans) {
                interiors.add(plan.interior(code, types));
            }
            SwitchPoints points = ClassWeaver.switchPoints(type.name, method, code);
            List<SwitchPoint> working = points.points().stream()
                    .filter(p -> p.locals().stream().allMatch(l -> !(l instanceof String name) || usable.test(name)))
                    .toList();
            result.put(
                    method.name + method.desc,
                    new MethodAnalysis(
                            UnsafeLines.of(code, interiors, hasPoints ? working : List.of()),
                            UnsafeLines.of(code, interiors, List.of()),
                            points,
                            working.size(),
                            BodyHash.of(method)));
        }
        return result;
    }
}
