package dev.loom.console.page;

import dev.loom.console.filter.FilterSummary;
import java.time.Instant;

/**
 * A filter in the list.
 *
 * @param inForce number of deployments that have it enabled
 */
public record FilterRow(
        String name, int version, String about, String ticket, int warnings, long inForce, Instant changedAt, String changedBy) {

    static FilterRow of(FilterSummary f, long inForce) {
        return new FilterRow(f.name(), f.version(), f.about(), f.ticket(), f.warnings(), inForce, f.updatedAt(), f.updatedBy());
    }
}
