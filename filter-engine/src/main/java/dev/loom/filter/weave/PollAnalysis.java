package dev.loom.filter.weave;

import dev.loom.filter.analysis.Code;
import dev.loom.filter.analysis.SwitchPoint;
import dev.loom.filter.analysis.SwitchPoints;
import dev.loom.filter.analysis.UnpolledLines;
import dev.loom.filter.analysis.UnsafeLines;
import dev.loom.filter.weave.body.BodyHash;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * Where frames of a method's code from before its polls would go on without coming to one.
 *
 * @param prepared for code that has switch points, at which a frame moves into code that has polls
 * @param unprepared for code from before the agent came
 * @param movable whether there is a switch point that works
 * @param bodyHash names the unwoven body
 */
public record PollAnalysis(UnsafeLines prepared, UnsafeLines unprepared, boolean movable, String bodyHash) {

    /**
     * Analyses methods of one class.
     *
     * @param classFile unwoven
     * @param methods names, without descriptors: a stack trace does not tell overloads apart
     * @param hasPoints whether the class was prepared with switch points when it was loaded
     * @param usable whether a local of the given verification type (a class name) can be moved
     * @return by method name and descriptor
     */
    public static Map<String, PollAnalysis> of(
            byte[] classFile, Set<String> methods, boolean hasPoints, Function<String, Optional<byte[]>> classes,
            Predicate<String> usable) {
        byte[] modern = Modernizer.isNeeded(classFile) ? Modernizer.modernize(classFile, classes) : classFile;
        ClassNode type = new ClassNode();
        new ClassReader(modern).accept(type, ClassReader.EXPAND_FRAMES);
        Map<String, PollAnalysis> result = new HashMap<>();
        for (MethodNode method : type.methods) {
            if (!methods.contains(method.name) || method.instructions.size() == 0) {
                continue;
            }
            Code code = Code.of(method);
            SwitchPoints points = ClassWeaver.switchPoints(type.name, method, code);
            List<SwitchPoint> working = points.points().stream()
                    .filter(p -> p.locals().stream().allMatch(l -> !(l instanceof String name) || usable.test(name)))
                    .toList();
            result.put(
                    method.name + method.desc,
                    new PollAnalysis(
                            UnpolledLines.of(code, hasPoints ? working : List.of()), UnpolledLines.of(code, List.of()),
                            hasPoints && !working.isEmpty(), BodyHash.of(method)));
        }
        return result;
    }
}
