package dev.loom.console.deployment;

import java.time.Instant;

/** A deployment in a JVM where something is wrong, or slow. */
public record Troubled(long deployment, String filter, Instant updatedAt, JvmProgress jvm) {}
