package dev.loom.filter.syntax;

import dev.loom.filter.diagnostic.DiagnosticCode;
import dev.loom.filter.diagnostic.Diagnostics;
import dev.loom.filter.diagnostic.Printable;
import dev.loom.filter.diagnostic.Span;
import java.util.List;
import java.util.Set;

/** Reads the text of a filter. All errors are reported in one run; what could be read is in the tree. */
public final class FilterParser {

    private FilterParser() {}

    /** Parses a text of any content; never throws for what is in it. */
    public static FilterTree parse(String text, Diagnostics diagnostics) {
        if (!FilterText.checkSize(text, diagnostics)) {
            return new FilterTree(null, Span.START, List.of(), List.of(), Set.of(), Set.of(), Span.START);
        }
        Lexer lexer = new Lexer(text, diagnostics);
        List<Token> tokens = lexer.tokens();
        return new FileParser(new TokenStream(tokens, text, diagnostics)).parse(lexer.comments());
    }

    /** Whether a name may be given to a filter. */
    public static boolean isFilterName(String name) {
        return !name.isEmpty()
                && name.length() <= 100
                && !name.isBlank()
                && name.codePoints().allMatch(c -> Character.isLetterOrDigit(c) || "._-: ".indexOf(c) >= 0);
    }

    /** Reports a name that may not be given to a filter. */
    public static void checkFilterName(String name, Span span, Diagnostics diagnostics) {
        if (!isFilterName(name)) {
            diagnostics.report(
                    DiagnosticCode.BAD_FILTER_NAME,
                    span,
                    "'" + Printable.of(name) + "' cannot be the name of a filter",
                    "a name is 1 to 100 letters, digits, '.', '_', '-', ':' and spaces");
        }
    }
}
