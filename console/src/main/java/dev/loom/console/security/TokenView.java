package dev.loom.console.security;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A token as users see it.
 *
 * @param hint its first characters, to tell it from others
 * @param scope the selector of the JVMs that it may act on, or register; null for all
 */
public record TokenView(
        long id,
        String name,
        String hint,
        Role role,
        Instant createdAt,
        String createdBy,
        @Nullable Instant expiresAt,
        @Nullable Instant lastUsed,
        @Nullable Instant revokedAt,
        @Nullable String scope) {}
