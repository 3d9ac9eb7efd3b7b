package dev.loom.console.deployment;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A deployment in a list: its JVMs are counted, by the database, and not listed.
 *
 * @param progress mean of the JVMs, 0 to 1
 * @param jvms all of them
 * @param inForce those where it is in force
 * @param evacuating those where old code may still run
 * @param oneName the name of one of the JVMs; empty if there is none
 */
public record DeploymentSummary(
        long id,
        String filter,
        int version,
        boolean observe,
        @Nullable String selector,
        DeploymentState state,
        boolean ended,
        double progress,
        int jvms,
        int inForce,
        int evacuating,
        int stragglers,
        boolean harmful,
        String oneName,
        Instant createdAt,
        String createdBy) {}
