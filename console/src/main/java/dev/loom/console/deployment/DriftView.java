package dev.loom.console.deployment;

import org.jspecify.annotations.Nullable;

/**
 * A filter in a JVM that is not as deployments want it.
 *
 * @param state what the JVM says
 * @param digest of the text that is there
 * @param mode that it has there
 * @param deployment that wants it otherwise; null if none wants it
 * @param wantedVersion null where none is wanted
 * @param wantedMode null where none is wanted
 * @param sentence what is so
 */
public record DriftView(
        long target,
        String targetName,
        String filter,
        Drift drift,
        String state,
        String digest,
        String mode,
        @Nullable Long deployment,
        @Nullable Integer wantedVersion,
        @Nullable String wantedMode,
        String sentence) {}
