package dev.loom.client;

/**
 * A filter that is proposed.
 *
 * @param filter its text, which the checker accepts
 * @param why what it rests on
 * @param warned whether the checker warns that it may do harm, or nothing
 */
public record Suggestion(String filter, String why, boolean warned) {}
