package dev.loom.console.filter;

import java.time.Instant;

/**
 * A filter in a list: its current version.
 *
 * @param about what its text says it is for; empty if it does not
 * @param warnings number of the checker's warnings
 */
public record FilterSummary(
        String name, int version, String about, String ticket, String digest, int warnings, Instant updatedAt, String updatedBy) {}
