package dev.loom.console.filter;

/** Knows whether a filter is enabled somewhere. */
public interface FilterUse {
    boolean isEnabled(String filter);
}
