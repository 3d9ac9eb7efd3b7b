package dev.loom.filter.weave;

import dev.loom.filter.analysis.ControlFlow;
import dev.loom.filter.analysis.EventLine;
import dev.loom.filter.analysis.RegionInterior;
import dev.loom.filter.analysis.VerifierTypes;
import dev.loom.filter.plan.EventPlan;
import dev.loom.filter.plan.RegionPlan;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What to put into one method body besides its update points.
 *
 * @param version number of this body, above 0 and above all versions of the method before; frames of older versions can move in
 * @param regions the regions and events of all filters in force, in the order in which their locks are taken where two begin
 *     together (events first: nobody is to wait for one with a lock just taken); empty
 *     for neutral code
 * @param polls bits of the polls that code of this version has: with others it is another version
 */
public record MethodWeaving(int version, List<Region> regions, int polls) {

    /** Code without polls. */
    public MethodWeaving(int version, List<Region> regions) {
        this(version, regions, 0);
    }

    public MethodWeaving {
        regions = List.copyOf(regions);
        if (version <= 0) {
            throw new IllegalArgumentException("version " + version + " of a woven method is not above 0");
        }
    }

    /**
     * One region to weave, or one event.
     *
     * @param plan of an event, what it has in common with a region
     * @param hookId id of its hook at run time
     * @param token names what the frame holds for it: a frame that moves takes its token along by this name, whatever versions lie
     *     between
     * @param lock regions with the same text share a lock
     * @param event null for a region
     */
    public record Region(RegionPlan plan, int hookId, String token, String lock, @Nullable EventPlan event) {

        public Region(RegionPlan plan, int hookId, String token, String lock) {
            this(plan, hookId, token, lock, null);
        }

        /** An event to weave. */
        public static Region of(EventPlan event, int hookId, String token, String lock) {
            return new Region(event.asRegion(), hookId, token, lock, event);
        }

        /** Where it begins and ends in a body; of an event, what is inside matters as it does for a region. */
        public RegionInterior interior(ControlFlow code, @Nullable VerifierTypes types) {
            return event == null
                    ? RegionInterior.of(code, plan.entryLines(), plan.exitLines())
                    : EventLine.of(code, types, event.line()).interior();
        }
    }
}
