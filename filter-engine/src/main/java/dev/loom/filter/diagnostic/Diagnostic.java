package dev.loom.filter.diagnostic;

import java.util.Objects;

/**
 * One remark of the checker about a filter.
 *
 * @param code stable name of the remark, {@code LOOM-nnn}; each has a page in {@code docs/diagnostics}
 * @param severity whether it rejects the filter
 * @param file name of the filter file, for people
 * @param span where in the text
 * @param message a sentence that says what is wrong
 * @param hint a sentence that says what to write or do instead; empty if there is nothing to say
 */
public record Diagnostic(String code, Severity severity, String file, Span span, String message, String hint) {

    public Diagnostic {
        Objects.requireNonNull(code);
        Objects.requireNonNull(severity);
        Objects.requireNonNull(file);
        Objects.requireNonNull(span);
        Objects.requireNonNull(message);
        Objects.requireNonNull(hint);
    }

    /** Whether this remark rejects the filter. */
    public boolean isError() {
        return severity == Severity.ERROR;
    }
}
