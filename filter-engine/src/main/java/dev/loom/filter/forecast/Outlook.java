package dev.loom.filter.forecast;

import dev.loom.filter.analysis.UnsafeLines;
import dev.loom.filter.analysis.UpdatePoints.Reason;
import dev.loom.filter.weave.body.CannotWeave;
import dev.loom.filter.weave.body.MethodBody;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * What evacuation will be able to do for frames that run a method at the moment when its regions are woven, told from the class
 * file: where they move to the new code, and where they cannot and may stay long.
 *
 * @param switching lines of which a frame moves to new code: behind a call, or at a jump back
 * @param unsafe lines at which a frame could come to a region in old code, with the update points in place
 * @param stuck places among them at which a frame may stay long
 * @param skipped places without an update point, by reason
 */
public record Outlook(
        SortedSet<Integer> switching, UnsafeLines unsafe, List<Stuck> stuck, Map<Reason, Integer> skipped) {

    public Outlook {
        switching = Collections.unmodifiableSortedSet(new TreeSet<>(switching));
        stuck = List.copyOf(stuck);
        skipped = Map.copyOf(skipped);
    }

    /**
     * A part of a filter in the method: a region, or the line of an event.
     *
     * @param entries lines; empty for the whole method
     * @param exits lines; empty for the whole method, or where only returns are exits
     */
    public record Part(SortedSet<Integer> entries, SortedSet<Integer> exits) {}

    /**
     * A loop that a frame goes round, or a call in which it waits, without coming to an update point before a region.
     *
     * @param first line, -1 if the class has no lines
     * @param last line
     * @param call what is waited for; empty for a loop
     * @param inside whether it lies inside a region: the frame is then in it already, and no update point could help
     * @param why the reason in words
     */
    public record Stuck(int first, int last, String call, boolean inside, String why) {}

    /**
     * Looks at methods of one class.
     *
     * @param classFile unwoven
     * @param parts by method name and descriptor
     * @param classes finds other classes by internal name; asked only for class files older than version 51
     * @throws CannotWeave if the class is too old or too odd to be woven at all
     */
    public static Map<String, Outlook> of(
            byte[] classFile, Map<String, List<Part>> parts, Function<String, Optional<byte[]>> classes) {
        Map<String, Outlook> result = new HashMap<>();
        for (MethodBody body : MethodBody.read(classFile, id -> parts.containsKey(id.key()), classes)) {
            if (body.hasCode()) {
                result.put(body.key(), new OutlookFinder(body, parts.get(body.key())).find());
            }
        }
        return result;
    }
}
