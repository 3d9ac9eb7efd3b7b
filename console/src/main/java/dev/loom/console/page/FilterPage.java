package dev.loom.console.page;

import dev.loom.console.filter.FilterVersionView;
import dev.loom.console.filter.FilterView;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A filter in the editor.
 *
 * @param isNew whether it is not stored yet
 * @param current whether this is its newest version, which alone can be edited
 * @param checkTarget the JVM whose classes the check looks at
 * @param example what a filter looks like, for a new one
 */
public record FilterPage(
        boolean isNew,
        String name,
        String text,
        int version,
        int currentVersion,
        boolean current,
        String about,
        String ticket,
        String digest,
        String changedBy,
        @Nullable Instant changedAt,
        List<FilterVersionView> versions,
        List<DeploymentRow> deployments,
        @Nullable Long checkTarget,
        List<String> example) {

    private static final List<String> EXAMPLE = """
            filter "pool" {
                about "An idle object is destroyed
                       while it is borrowed."
                use org.acme.pool.Pool

                region evict = Pool#evict
                region borrow =
                    { Pool:1120 ; Pool:1135 }

                // per pool; borrowers stay
                // concurrent
                evict by this
                    <> shared borrow by this
            }
            """.lines().toList();

    /** Whether another version than this one is enabled somewhere. */
    public boolean isOlder() {
        return deployments.stream().anyMatch(d -> d.version() != version);
    }

    /** What the page is called. */
    public String title() {
        return isNew ? "New filter" : name;
    }

    static FilterPage fresh(String name, String text, @Nullable Long checkTarget) {
        return new FilterPage(true, name, text, 0, 0, true, "", "", "", "", null, List.of(), List.of(), checkTarget, EXAMPLE);
    }

    static FilterPage of(
            FilterView filter, String text, int currentVersion, List<FilterVersionView> versions,
                    List<DeploymentRow> deployments, @Nullable Long checkTarget) {
        return new FilterPage(
                false, filter.name(), text, filter.version(), currentVersion, filter.current(), filter.about(), filter.ticket(),
                        filter.digest(),
                filter.createdBy(), filter.createdAt(), versions, deployments, checkTarget, EXAMPLE);
    }
}
