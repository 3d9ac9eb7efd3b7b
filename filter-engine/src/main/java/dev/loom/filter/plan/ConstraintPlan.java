package dev.loom.filter.plan;

import java.time.Duration;
import java.util.List;

/** One constraint of a filter. */
public sealed interface ConstraintPlan {

    /** Place in {@link WeavingPlan#constraints()}. */
    int index();

    /** Whether it only counts, and synchronizes nothing. */
    boolean observe();

    /**
     * The constraint in one normal form (names resolved, white space gone). Two versions of a filter whose constraint has the
     * same text share its lock.
     */
    String canonicalText();

    /**
     * {@code r1 <> r2 <> …}: while a thread is in one of the regions, no other thread is in any.
     *
     * @param shared for each side, whether its own threads may be inside together
     */
    record Exclusion(int index, boolean observe, String canonicalText, boolean keyed, List<Boolean> shared)
            implements ConstraintPlan {
        public Exclusion {
            shared = List.copyOf(shared);
        }
    }

    /** {@code r <> *}: while a thread is in the region, no other runs code of the scope. */
    record Unilateral(int index, boolean observe, String canonicalText, List<String> scope) implements ConstraintPlan {
        public Unilateral {
            scope = List.copyOf(scope);
        }
    }

    /** {@code e1 > e2 > …}: each event waits until the one before it has completed. */
    record Order(int index, boolean observe, String canonicalText, boolean keyed, int events, boolean each, Duration within)
            implements ConstraintPlan {}
}
