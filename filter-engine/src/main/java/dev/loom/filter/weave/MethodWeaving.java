package dev.loom.filter.weave;

import dev.loom.filter.plan.RegionPlan;
import java.util.List;

/**
 * What to put into one method body besides its switch points.
 *
 * @param version number of this body, above 0 and above all versions of the method before; frames of older versions can move in
 * @param regions the regions of all filters in force, in the order in which their locks are taken where two begin together; empty
 *     for neutral code
 */
public record MethodWeaving(int version, List<Region> regions) {

    public MethodWeaving {
        regions = List.copyOf(regions);
        if (version <= 0) {
            throw new IllegalArgumentException("version " + version + " of a woven method is not above 0");
        }
    }

    /**
     * One region to weave.
     *
     * @param hookId id of its hook at run time
     * @param token names what the frame holds for it: a frame that moves takes its token along by this name, whatever versions lie
     *     between
     * @param lock regions with the same text share a lock
     */
    public record Region(RegionPlan plan, int hookId, String token, String lock) {}
}
