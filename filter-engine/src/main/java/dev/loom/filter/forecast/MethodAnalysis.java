package dev.loom.filter.forecast;

import dev.loom.filter.analysis.RegionInterior;
import dev.loom.filter.analysis.UnsafeLines;
import dev.loom.filter.analysis.UpdatePoint;
import dev.loom.filter.analysis.UpdatePoints;
import dev.loom.filter.analysis.VerifierTypes;
import dev.loom.filter.weave.MethodWeaving;
import dev.loom.filter.weave.body.MethodBody;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Where frames of a method can be moved, and where they could do harm before that: what evacuation has to know about the older
 * versions' code.
 *
 * @param prepared for code that has update points
 * @param unprepared for code from before the agent came
 * @param points all the method's update points
 * @param usablePoints how many of them work
 * @param bodyHash names the unwoven body: a frame goes on only in code made from the same
 */
public record MethodAnalysis(
        UnsafeLines prepared, UnsafeLines unprepared, UpdatePoints points, int usablePoints, String bodyHash) {

    /**
     * Analyses methods of one class.
     *
     * @param classFile unwoven
     * @param regions by method name and descriptor
     * @param hasPoints whether code of a method, by name and descriptor, from before any filter has update points
     * @param usable whether a local of the given verification type (a class name) can be moved
     */
    public static Map<String, MethodAnalysis> of(
            byte[] classFile, Map<String, List<MethodWeaving.Region>> regions, Predicate<String> hasPoints,
            Function<String, Optional<byte[]>> classes, Predicate<String> usable) {
        Map<String, MethodAnalysis> result = new HashMap<>();
        for (MethodBody body : MethodBody.read(classFile, id -> regions.containsKey(id.key()), classes)) {
            result.put(body.key(), of(body, regions.get(body.key()), hasPoints.test(body.key()), usable));
        }
        return result;
    }

    private static MethodAnalysis of(MethodBody body, List<MethodWeaving.Region> regions, boolean hasPoints, Predicate<String> usable) {
        VerifierTypes types = regions.stream().anyMatch(region -> region.event() != null) ? body.types() : null;
        List<RegionInterior> interiors = regions.stream().map(region -> region.interior(body.code(), types)).toList();
        List<UpdatePoint> working = body.workingPoints(usable);
        return new MethodAnalysis(
                UnsafeLines.of(body.code(), interiors, hasPoints ? working : List.of()),
                UnsafeLines.of(body.code(), interiors, List.of()),
                body.points(),
                working.size(),
                body.hash());
    }
}
