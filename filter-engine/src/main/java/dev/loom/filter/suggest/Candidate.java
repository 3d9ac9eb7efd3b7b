package dev.loom.filter.suggest;

/**
 * A filter that may suit.
 *
 * @param why what it rests on, a few words
 * @param text of the filter
 */
public record Candidate(String why, String text) {}
