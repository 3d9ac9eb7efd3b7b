package dev.loom.filter.forecast;

import dev.loom.filter.analysis.UnpolledLines;
import dev.loom.filter.analysis.UnsafeLines;
import dev.loom.filter.analysis.UpdatePoint;
import dev.loom.filter.weave.body.MethodBody;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Where frames of a method's code from before its polls would go on without coming to one.
 *
 * @param prepared for code that has update points, at which a frame moves into code that has polls
 * @param unprepared for code from before the agent came
 * @param movable whether there is an update point that works
 * @param bodyHash names the unwoven body
 */
public record PollAnalysis(UnsafeLines prepared, UnsafeLines unprepared, boolean movable, String bodyHash) {

    /**
     * Analyses methods of one class.
     *
     * @param classFile unwoven
     * @param methods names, without descriptors: a stack trace does not tell overloads apart
     * @param hasPoints whether code of a method, by name and descriptor, from before any filter has update points
     * @param usable whether a local of the given verification type (a class name) can be moved
     * @return by method name and descriptor
     */
    public static Map<String, PollAnalysis> of(
            byte[] classFile, Set<String> methods, Predicate<String> hasPoints, Function<String, Optional<byte[]>> classes,
            Predicate<String> usable) {
        Map<String, PollAnalysis> result = new HashMap<>();
        for (MethodBody body : MethodBody.read(classFile, id -> methods.contains(id.name()), classes)) {
            if (body.hasCode()) {
                List<UpdatePoint> working = hasPoints.test(body.key()) ? body.workingPoints(usable) : List.of();
                result.put(
                        body.key(),
                        new PollAnalysis(
                                UnpolledLines.of(body.code(), working), UnpolledLines.of(body.code(), List.of()), !working.isEmpty(),
                                body.hash()));
            }
        }
        return result;
    }
}
