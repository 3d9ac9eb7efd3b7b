package dev.loom.console.security;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An account as users see it.
 *
 * @param scope the selector of the JVMs that it may act on; null for all
 */
public record AccountView(String username, Role role, boolean enabled, Instant createdAt, @Nullable String scope) {}
