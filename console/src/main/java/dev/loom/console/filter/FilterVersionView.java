package dev.loom.console.filter;

import java.time.Instant;

/** A version of a filter in the list of its versions. */
public record FilterVersionView(int version, String digest, String note, int warnings, Instant createdAt, String createdBy) {}
