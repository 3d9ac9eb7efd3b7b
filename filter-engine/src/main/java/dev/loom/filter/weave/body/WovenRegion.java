package dev.loom.filter.weave.body;

import dev.loom.filter.analysis.RegionInterior;
import dev.loom.filter.plan.EventPlan;
import dev.loom.filter.plan.RegionPlan;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A region, or an event, and where it lies in the body that it is woven into.
 *
 * @param plan of an event, what it has in common with a region
 * @param hookId id of its hook at run time
 * @param token names what the frame holds for it
 * @param lock regions with the same text share a lock
 * @param event null for a region
 * @param interior where it begins and ends
 * @param completing of an event, at which of the exit targets it has completed; empty for a region
 */
public record WovenRegion(
        RegionPlan plan,
        int hookId,
        String token,
        String lock,
        @Nullable EventPlan event,
        RegionInterior interior,
        Set<Integer> completing) {

    public boolean isEvent() {
        return event != null;
    }
}
