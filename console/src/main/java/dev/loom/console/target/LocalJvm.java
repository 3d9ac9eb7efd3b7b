package dev.loom.console.target;

import org.jspecify.annotations.Nullable;

/**
 * A JVM on the console's machine, of the console's user.
 *
 * @param display its main class or jar; without the arguments, which may hold secrets
 * @param targetId the JVM in the console's list, if it is there already
 */
public record LocalJvm(long pid, String display, @Nullable Long targetId) {}
