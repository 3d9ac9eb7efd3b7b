package dev.loom.console.security;

import java.time.Instant;

/** An account as users see it. */
public record AccountView(String username, Role role, boolean enabled, Instant createdAt) {}
