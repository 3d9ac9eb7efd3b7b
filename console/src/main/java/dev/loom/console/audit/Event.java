package dev.loom.console.audit;

import java.time.Instant;
import java.util.Map;

/**
 * Something that happened.
 *
 * @param id its place in the order of all events, from 1, without gaps
 * @param type for example {@code filter.state}; dotted, stable
 * @param actor who did it: an account, {@code token:NAME}, or {@code loom} for what nobody asked for
 * @param audited whether it is an act of a person or script, kept in the audit log
 * @param message for people
 * @param data details for programs
 */
public record Event(
        long id, Instant at, String type, String actor, boolean audited, Subject subject, String message, Map<String, Object> data) {}
