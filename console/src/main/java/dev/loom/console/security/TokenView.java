package dev.loom.console.security;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A token as users see it.
 *
 * @param hint its first characters, to tell it from others
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
        @Nullable Instant revokedAt) {}
