package dev.loom.filter.plan;

import java.util.List;

/**
 * What a filter asks of one method body.
 *
 * @param bodyDigest digest of the unwoven body without debug noise, {@code sha256:…}, as pins write it
 */
public record MethodPlan(MethodId method, String bodyDigest, List<RegionPlan> regions, List<EventPlan> events) {
    public MethodPlan {
        regions = List.copyOf(regions);
        events = List.copyOf(events);
    }
}
