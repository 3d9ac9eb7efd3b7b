package dev.loom.filter.diagnostic;

/** How much a {@link Diagnostic} matters: an {@code ERROR} rejects the filter, the others do not. */
public enum Severity {
    ERROR,
    WARNING,
    INFO
}
