package dev.loom.filter.plan;

import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One event of an order constraint in one method body: a thread waits before the first instruction of the line, and has
 * completed the event after its last.
 *
 * @param constraint index of its constraint in {@link WeavingPlan#constraints()}
 * @param position place in the chain, from 0
 * @param line source line
 * @param count occurrences needed before the next event may pass; 1 if not said
 * @param key null where the constraint has no keys
 * @param location the event as a person reads it
 * @param countKey where the count is read from when the event happens; null where {@code count} says it
 */
public record EventPlan(
        int constraint, int position, int line, long count, @Nullable KeyPlan key, String location, @Nullable KeyPlan countKey) {

    public EventPlan(int constraint, int position, int line, long count, @Nullable KeyPlan key, String location) {
        this(constraint, position, line, count, key, location, null);
    }

    /** The line as a region, for those to whom it makes no difference. */
    public RegionPlan asRegion() {
        SortedSet<Integer> lines = new TreeSet<>(List.of(line));
        return new RegionPlan(-1, constraint, position, false, lines, lines, key, location);
    }
}
