package dev.loom.console.page;

/** One of several, as a page offers it. */
public record Choice(String value, String text) {}
