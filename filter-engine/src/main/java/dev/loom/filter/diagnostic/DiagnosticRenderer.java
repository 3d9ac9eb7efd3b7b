package dev.loom.filter.diagnostic;

import java.util.List;
import java.util.Locale;

/** Shows remarks to people: the sentence, the line it is about with a caret under the place, and the hint. */
public final class DiagnosticRenderer {

    /** Most characters shown of one source line. */
    private static final int WIDTH = 120;

    /** Characters shown before the place when a line is too long. */
    private static final int LEAD = 40;

    private DiagnosticRenderer() {}

    /** All remarks, an empty line between two. */
    public static String render(List<Diagnostic> diagnostics, String text) {
        StringBuilder out = new StringBuilder();
        for (Diagnostic diagnostic : diagnostics) {
            if (out.length() > 0) {
                out.append('\n');
            }
            out.append(render(diagnostic, text));
        }
        return out.toString();
    }

    /**
     * One remark; ends with a line end.
     *
     * @param text the filter's text, in which the spans lie
     */
    public static String render(Diagnostic diagnostic, String text) {
        Span span = diagnostic.span();
        StringBuilder out = new StringBuilder();
        out.append(diagnostic.file()).append(':').append(span.line()).append(':').append(span.column()).append(": ");
        out.append(diagnostic.severity().name().toLowerCase(Locale.ROOT)).append(' ').append(diagnostic.code()).append(": ");
        out.append(diagnostic.message()).append('\n');
        excerpt(out, span, text);
        if (!diagnostic.hint().isEmpty()) {
            out.append("      = ").append(diagnostic.hint()).append('\n');
        }
        return out.toString();
    }

    private static void excerpt(StringBuilder out, Span span, String text) {
        if (span.start() > text.length()) {
            return;
        }
        int lineStart = span.start() - (span.column() - 1);
        if (lineStart < 0) {
            return;
        }
        int lineEnd = lineStart;
        while (lineEnd < text.length() && text.charAt(lineEnd) != '\n' && text.charAt(lineEnd) != '\r') {
            lineEnd++;
        }
        int from = lineEnd - lineStart > WIDTH ? Math.max(lineStart, span.start() - LEAD) : lineStart;
        int to = Math.min(lineEnd, from + WIDTH);
        String gutter = String.format("%5d | ", span.line());
        out.append(gutter).append(from > lineStart ? "…" : "");
        StringBuilder carets = new StringBuilder(" ".repeat(gutter.length() - 2)).append("| ").append(from > lineStart ? " "
                : "");
        for (int i = from; i < to; ) {
            int c = text.codePointAt(i);
            // a tab stays a tab in both lines, so that they stay aligned whatever its width is
            String shown = c == '\t' ? "\t" : Printable.of(c);
            out.append(shown);
            boolean inside = i >= span.start() && i < span.end();
            if (inside) {
                carets.append((i == span.start() ? "^"
                        : "~")).append("~".repeat(Math.max(0, shown.length() - Character.charCount(c))));
            } else if (i < span.start()) {
                carets.append(c == '\t' ? "\t" : " ".repeat(shown.codePointCount(0, shown.length())));
            }
            i += Character.charCount(c);
        }
        if (carets.indexOf("^") < 0) {
            carets.append('^');
        }
        out.append(to < lineEnd ? "…" : "").append('\n').append(carets).append('\n');
    }
}
