package dev.loom.filter.syntax;

import dev.loom.filter.diagnostic.DiagnosticCode;
import dev.loom.filter.diagnostic.Diagnostics;
import dev.loom.filter.diagnostic.Printable;
import dev.loom.filter.diagnostic.Span;
import dev.loom.filter.syntax.Token.Kind;
import java.util.List;

/** The tokens of a filter with a place in them, and what all parts of the parser need to read them. */
final class TokenStream {

    /** Ends the reading of one statement after its error has been reported. */
    static final class Unreadable extends RuntimeException {
        Unreadable() {
            super(null, null, false, false);
        }
    }

    private final List<Token> tokens;
    private final String text;
    private final Diagnostics diagnostics;
    private int at;

    TokenStream(List<Token> tokens, String text, Diagnostics diagnostics) {
        this.tokens = tokens;
        this.text = text;
        this.diagnostics = diagnostics;
    }

    Diagnostics diagnostics() {
        return diagnostics;
    }

    Token peek() {
        return tokens.get(at);
    }

    Token peek(int ahead) {
        return tokens.get(Math.min(at + ahead, tokens.size() - 1));
    }

    /** The token before the place; the first one at the start. */
    Token last() {
        return tokens.get(Math.max(0, at - 1));
    }

    int place() {
        return at;
    }

    /** Goes back to a place that was read before. */
    void reset(int place) {
        at = place;
    }

    boolean atEnd() {
        return peek().is(Kind.END);
    }

    Token next() {
        Token token = peek();
        if (!token.is(Kind.END)) {
            at++;
        }
        return token;
    }

    boolean accept(Kind kind) {
        if (peek().is(kind)) {
            at++;
            return true;
        }
        return false;
    }

    boolean accept(String word) {
        if (peek().is(word)) {
            at++;
            return true;
        }
        return false;
    }

    Token expect(Kind kind, String where) {
        if (!peek().is(kind)) {
            throw unexpected(kind.shown + " " + where, "");
        }
        return next();
    }

    /** The text from the start of {@code from} to the end of the last token read. */
    String textSince(Token from) {
        return text.substring(from.span().start(), last().span().end());
    }

    Span spanSince(Span from) {
        return from.to(last().span());
    }

    /** Reports that something else is needed here; to be thrown. */
    Unreadable unexpected(String wanted, String hint) {
        Token found = peek();
        return error(found.span(), "expected " + wanted + ", found " + shown(found), hint);
    }

    /** Reports a syntax error; to be thrown. */
    Unreadable error(Span span, String message, String hint) {
        diagnostics.report(DiagnosticCode.SYNTAX, span, message, hint);
        return new Unreadable();
    }

    /** Reports a limit that is exceeded, and goes on. */
    void limit(Span span, String message) {
        diagnostics.report(DiagnosticCode.LIMIT, span, message, "");
    }

    static String shown(Token token) {
        return switch (token.kind()) {
            case ID, NUMBER, OTHER, DIGEST -> "'" + Printable.of(token.text()) + "'";
            case STRING -> "\"" + Printable.of(token.text()) + "\"";
            default -> token.kind().shown;
        };
    }
}
