package dev.loom.agent.control;

/**
 * A filter that is proposed. The checker accepts it.
 *
 * @param filter its text
 * @param why what it rests on
 * @param warned whether the checker warns that it may do harm, or nothing
 */
public record Suggestion(String filter, String why, boolean warned) {}
