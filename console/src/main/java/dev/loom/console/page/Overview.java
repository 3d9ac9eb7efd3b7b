package dev.loom.console.page;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the first page shows.
 *
 * @param inForce number of deployments that enforce
 * @param observing number of those that only count
 * @param firstRun how to begin; null once a filter has enforced
 */
public record Overview(
        long targetsUp,
        long targetsDown,
        long filters,
        long inForce,
        long observing,
        long evacuating,
        int stragglers,
        @Nullable FirstRun firstRun,
        List<Attention> attention,
        List<DeploymentRow> deployments,
        List<TargetRow> targets,
        List<JournalEntry> events) {

    /**
     * The way to the first filter in force, and how far it was gone.
     *
     * @param observed the deployment that observes, where one does; null otherwise
     * @param failing the JVM that counts the most failures; null where none does
     */
    public record FirstRun(boolean hasJvm, boolean hasFilter, @Nullable Long observed, @Nullable Failing failing) {}

    /** A JVM whose application counts failures. @param often how often, as people read it */
    public record Failing(long target, String name, String often) {}
}
