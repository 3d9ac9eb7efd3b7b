package dev.loom.filter.syntax;

import dev.loom.filter.diagnostic.DiagnosticCode;
import dev.loom.filter.diagnostic.Span;
import dev.loom.filter.syntax.Token.Kind;
import dev.loom.filter.syntax.TokenStream.Unreadable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the wrapper and the statements one after the other; after an error it goes on at the next statement. */
final class FileParser {

    /** Words that begin a statement, where they don't begin the name of a class. */
    private static final Set<String> STARTS =
            Set.of("filter", "about", "ticket", "use", "region", "event", "observe", "atomic", "shared", "pin");

    private final TokenStream in;
    private final StatementParser statementParser;
    private final List<Statement> statements = new ArrayList<>();
    private final Set<String> mentioned = new HashSet<>();
    private @Nullable String name;
    private Span nameSpan = Span.START;
    private boolean open;
    private boolean closed;

    FileParser(TokenStream in) {
        this.in = in;
        this.statementParser = new StatementParser(in);
    }

    FilterTree parse(List<Comment> comments) {
        Span from = in.peek().span();
        while (!in.atEnd() && !in.diagnostics().isFull()) {
            int place = in.place();
            try {
                step();
            } catch (Unreadable reported) {
                recover(place);
                for (int i = place; i < in.place(); i++) {
                    mentioned.add(in.peek(i - in.place()).text());
                }
            }
        }
        if (open && !closed) {
            in.diagnostics().report(
                    DiagnosticCode.SYNTAX, in.peek().span(), "the filter's '{' is not closed", "write '}' at the end");
        }
        return new FilterTree(name, nameSpan, statements, comments, statementParser.unreadable(), mentioned, in.spanSince(from));
    }

    private void step() {
        Token token = in.peek();
        if (token.is("filter") && (in.peek(1).is(Kind.STRING) || in.peek(1).is(Kind.LBRACE))) {
            wrapper();
        } else if (token.is(Kind.RBRACE) && open && !closed) {
            in.next();
            closed = true;
        } else if (closed) {
            throw in.error(token.span(), "a file holds one filter; it ended before this", "put this inside the filter's braces");
        } else {
            Statement statement = statementParser.statement();
            if (statements.size() == Limits.STATEMENTS) {
                in.limit(statement.span(), "a filter may have " + Limits.STATEMENTS + " statements");
            }
            if (statements.size() <= Limits.STATEMENTS) {
                statements.add(statement);
            }
        }
    }

    private void wrapper() {
        Token word = in.next();
        if (open || !statements.isEmpty()) {
            in.diagnostics().report(
                    DiagnosticCode.SYNTAX,
                    word.span(),
                    open ? "a file holds one filter" : "the filter's wrapper must stand before all statements",
                    open ? "put the second filter into a file of its own" : "move the statements into the braces");
        }
        Token title = in.expect(Kind.STRING, "with the filter's name behind 'filter'");
        if (!open) {
            name = title.text();
            nameSpan = title.span();
            FilterParser.checkFilterName(name, nameSpan, in.diagnostics());
        }
        open = true;
        closed = false;
        in.expect(Kind.LBRACE, "behind the filter's name");
    }

    /** Skips to where the next statement seems to begin. */
    private void recover(int place) {
        if (in.place() == place) {
            in.next();
        }
        // an error may be noticed only in the next statement, where that was taken for part of the one before
        for (int i = place + 1; i < in.place(); i++) {
            if (startsStatement(in.peek(i - in.place()), in.peek(i + 1 - in.place()))) {
                in.reset(i);
                return;
            }
        }
        int depth = 0;
        for (int i = place; i < in.place(); i++) {
            depth += depthChange(in.peek(i - in.place()));
        }
        while (!in.atEnd()) {
            Token token = in.peek();
            if (startsStatement(token, in.peek(1))) {
                return;
            }
            if (depth <= 0 && (token.firstOnLine() && startsOperand(token) || token.is(Kind.RBRACE))) {
                return;
            }
            depth += depthChange(token);
            in.next();
        }
    }

    private static boolean startsStatement(Token token, Token next) {
        return token.firstOnLine() && token.is(Kind.ID) && STARTS.contains(token.text()) && !isNamePart(next);
    }

    private static int depthChange(Token token) {
        return token.is(Kind.LBRACE) ? 1 : token.is(Kind.RBRACE) ? -1 : 0;
    }

    private static boolean startsOperand(Token token) {
        return token.is(Kind.ID) || token.is(Kind.LBRACE) || token.is(Kind.FRAME);
    }

    static boolean isNamePart(Token next) {
        return next.is(Kind.DOT) || next.is(Kind.COLON) || next.is(Kind.HASH);
    }
}
