package dev.loom.filter.diagnostic;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Collects what is said about one filter. Not thread-safe. */
public final class Diagnostics {

    /** Most remarks kept about one filter; a file of noise must not give a report of its own size. */
    public static final int MAX = 100;

    private final String file;
    private final Set<Diagnostic> kept = new LinkedHashSet<>();
    private boolean errors;
    private boolean full;

    /** @param file name of the filter file, for people */
    public Diagnostics(String file) {
        this.file = Printable.of(file);
    }

    /**
     * Adds a remark with the severity of its code. The same remark at the same place is kept once. What is in it of the filter or
     * of class files is made safe to show.
     */
    public void report(DiagnosticCode code, Span span, String message, String hint) {
        errors |= code.severity() == Severity.ERROR;
        if (full) {
            return;
        }
        if (kept.size() == MAX) {
            full = true;
            kept.add(new Diagnostic(
                    DiagnosticCode.TOO_MANY.id(),
                    DiagnosticCode.TOO_MANY.severity(),
                    file,
                    span,
                    "there are more than " + MAX + " remarks; the rest is not shown",
                    "mend the first ones and check again"));
            errors = true;
            return;
        }
        kept.add(new Diagnostic(code.id(), code.severity(), file, span, Printable.escaped(message), Printable.escaped(hint)));
    }

    /** Whether any remark rejects the filter. */
    public boolean hasErrors() {
        return errors;
    }

    /** Whether the limit is reached, so that looking further tells nobody anything. */
    public boolean isFull() {
        return full;
    }

    /** All remarks in the order of the text. */
    public List<Diagnostic> sorted() {
        List<Diagnostic> list = new ArrayList<>(kept);
        list.sort(Comparator.comparingInt((Diagnostic d) -> d.span().start())
                .thenComparing(Diagnostic::severity)
                .thenComparing(Diagnostic::code));
        return List.copyOf(list);
    }
}
