package dev.loom.filter.plan;

import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One region in one method body.
 *
 * @param index number of the region within its filter, from 0, in the order of the constraints' sides
 * @param constraint index of its constraint in {@link WeavingPlan#constraints()}
 * @param side number of the side of that constraint, from 0
 * @param shared whether threads of this side may be inside together
 * @param entryLines lines whose first instruction enters; empty for a method region
 * @param exitLines lines behind whose last instruction the region is left; empty for a method region, or where only returns leave
 * @param key null where the constraint has no keys
 * @param location the region as a person reads it, {@code com.acme.Bank#transfer:42-45}
 */
public record RegionPlan(
        int index,
        int constraint,
        int side,
        boolean shared,
        SortedSet<Integer> entryLines,
        SortedSet<Integer> exitLines,
        @Nullable KeyPlan key,
        String location) {

    public RegionPlan {
        entryLines = java.util.Collections.unmodifiableSortedSet(new TreeSet<>(entryLines));
        exitLines = java.util.Collections.unmodifiableSortedSet(new TreeSet<>(exitLines));
        Objects.requireNonNull(location);
    }

    /** Whether the region is one whole call of the method. */
    public boolean isWholeMethod() {
        return entryLines.isEmpty();
    }
}
