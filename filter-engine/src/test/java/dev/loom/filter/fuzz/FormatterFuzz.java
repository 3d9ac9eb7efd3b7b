package dev.loom.filter.fuzz;

import dev.loom.filter.diagnostic.DiagnosticRenderer;
import dev.loom.filter.diagnostic.Diagnostics;
import dev.loom.filter.syntax.FilterFormatter;
import dev.loom.filter.syntax.FilterParser;
import dev.loom.filter.syntax.FilterTree;
import dev.loom.filter.syntax.SourceText;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A filter that can be read is, formatted, the same filter, and formatted again the same text. */
public final class FormatterFuzz {

    private FormatterFuzz() {}

    /** What the fuzzer calls. */
    public static void fuzzerTestOneInput(byte[] data) {
        Effort.bounded(() -> check(new String(data, StandardCharsets.UTF_8)));
    }

    static void check(String text) {
        Diagnostics diagnostics = new Diagnostics("f");
        FilterTree file = FilterParser.parse(text, diagnostics);
        if (!diagnostics.sorted().isEmpty()) {
            return;
        }
        String once = FilterFormatter.format(file, text);
        Diagnostics again = new Diagnostics("f");
        FilterTree formatted = FilterParser.parse(once, again);
        if (!again.sorted().isEmpty()) {
            throw new IllegalStateException("formatted, it is rejected:\n" + DiagnosticRenderer.render(again.sorted(), once));
        }
        if (!statements(file).equals(statements(formatted))) {
            throw new IllegalStateException("formatted, it is another filter:\n" + once);
        }
        if (!once.equals(FilterFormatter.format(formatted, once))) {
            throw new IllegalStateException("formatted again, it is another text:\n" + once);
        }
    }

    private static List<String> statements(FilterTree file) {
        return file.statements().stream().map(SourceText::of).toList();
    }
}
