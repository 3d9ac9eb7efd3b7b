package dev.loom.agent.filter;

import dev.loom.agent.code.Compilations;
import dev.loom.filter.CompileResult;
import dev.loom.filter.diagnostic.Diagnostic;

/** What a filter would weave in this JVM, as text for people. */
final class LiveExplanation {

    private LiveExplanation() {}

    static String of(Compilations.Seen seen) {
        StringBuilder out = new StringBuilder();
        for (Diagnostic diagnostic : seen.result().diagnostics()) {
            out.append(diagnostic.span().line()).append(':').append(diagnostic.span().column()).append(' ')
                    .append(diagnostic.severity()).append(' ').append(diagnostic.code()).append(' ').append(diagnostic.message())
                    .append('\n');
        }
        if (seen.result() instanceof CompileResult.Compiled compiled) {
            out.append(dev.loom.filter.explain.Explanation.of(compiled.plan(), seen.classes()));
        }
        return out.toString();
    }
}
