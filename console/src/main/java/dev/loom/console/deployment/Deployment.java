package dev.loom.console.deployment;

import org.jspecify.annotations.Nullable;

/** A wish, as stored: this version of this filter in these JVMs. */
record Deployment(
        long id,
        String filter,
        int version,
        Mode mode,
        Policies policies,
        @Nullable String selector,
        Intent intent,
        int revision,
        long createdAt,
        String createdBy,
        long updatedAt,
        @Nullable Long endedAt) {}
