package dev.loom.filter.fuzz;

import dev.loom.filter.CompileResult;
import dev.loom.filter.FilterCompiler;
import dev.loom.filter.classes.ClassSource;
import dev.loom.filter.diagnostic.DiagnosticRenderer;
import dev.loom.filter.diagnostic.Printable;
import java.nio.charset.StandardCharsets;

/** Any bytes are answered with remarks that are safe to show, and never with an exception. */
public final class ParserFuzz {

    private ParserFuzz() {}

    /** What the fuzzer calls. */
    public static void fuzzerTestOneInput(byte[] data) {
        Effort.bounded(() -> check(data));
    }

    static void check(byte[] data) {
        CompileResult result = FilterCompiler.compile("fuzz.loom", data, "fuzz", ClassSource.empty());
        String shown = DiagnosticRenderer.render(result.diagnostics(), new String(data, StandardCharsets.UTF_8));
        if (!shown.codePoints().allMatch(c -> c == '\n' || c == '\t' || Printable.isHarmless(c))) {
            throw new IllegalStateException("a remark would harm a terminal: " + Printable.of(shown));
        }
    }
}
