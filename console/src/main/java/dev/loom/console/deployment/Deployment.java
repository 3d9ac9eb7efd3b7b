package dev.loom.console.deployment;

import org.jspecify.annotations.Nullable;

/**
 * A wish, as stored: this version of this filter in these JVMs.
 *
 * @param replaces the deployment by the same selector whose place this one took; null for none
 */
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
        @Nullable Long endedAt,
        @Nullable Long replaces) {

    Deployment in(Mode mode, Intent intent) {
        return new Deployment(
                id, filter, version, mode, policies, selector, intent, revision, createdAt, createdBy, updatedAt, endedAt, replaces);
    }
}
