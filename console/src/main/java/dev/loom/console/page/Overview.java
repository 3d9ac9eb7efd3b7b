package dev.loom.console.page;

import java.util.List;

/**
 * What the first page shows.
 *
 * @param inForce number of deployments that enforce
 * @param observing number of those that only count
 * @param welcome whether to say how to begin
 */
public record Overview(
        long targetsUp,
        long targetsDown,
        long filters,
        long inForce,
        long observing,
        long evacuating,
        int stragglers,
        boolean welcome,
        List<Attention> attention,
        List<DeploymentRow> deployments,
        List<TargetRow> targets,
        List<JournalEntry> events) {}
