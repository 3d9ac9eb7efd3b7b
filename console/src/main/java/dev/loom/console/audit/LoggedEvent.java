package dev.loom.console.audit;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened.
 *
 * @param id its place in the order of all events, from 1, without gaps
 * @param type for example {@code filter.state}; dotted, stable
 * @param actor who did it: an account, {@code token:NAME}, or {@code loom} for what nobody asked for
 * @param origin the address that it came from; null for what the console did by itself
 * @param audited whether it is an act of a person or script, kept in the audit log
 * @param message for people
 * @param data details for programs
 */
public record LoggedEvent(
        long id,
        Instant at,
        String type,
        String actor,
        @Nullable String origin,
        boolean audited,
        Subject subject,
        String message,
        Map<String, Object> data) {}
