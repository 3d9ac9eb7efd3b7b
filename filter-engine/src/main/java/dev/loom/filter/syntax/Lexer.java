package dev.loom.filter.syntax;

import dev.loom.filter.diagnostic.DiagnosticCode;
import dev.loom.filter.diagnostic.Diagnostics;
import dev.loom.filter.diagnostic.Printable;
import dev.loom.filter.diagnostic.Span;
import dev.loom.filter.syntax.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Cuts the text of a filter into words. Linear in the text's length; what it cannot read it reports and leaves out. */
final class Lexer {

    /** Longest stack frame looked for, in characters. */
    private static final int FRAME_LENGTH = 2 * Limits.NAME_LENGTH;

    /** {@code at app//com.acme.Bank.transfer(Bank.java:42)}, with what logging libraries put behind it. */
    private static final Pattern FRAME =
            Pattern.compile("at[ \\t]{1,20}+([^\\s(){};,\"]++)\\(([^()\\r\\n]*+)\\)(?:[ \\t]?~?\\[[^\\]\\r\\n]*+\\])?");

    /** Shortest run of letters and digits behind {@code sha256:} that is taken for a digest and not for a line. */
    private static final int DIGEST_LENGTH = 10;

    private final String text;
    private final Diagnostics diagnostics;
    private final List<Token> tokens = new ArrayList<>();
    private final List<Comment> comments = new ArrayList<>();
    private int at;
    private int line = 1;
    private int lineStart;
    private int lineEnd = -1;
    private boolean first = true;

    Lexer(String text, Diagnostics diagnostics) {
        this.text = text;
        this.diagnostics = diagnostics;
    }

    List<Comment> comments() {
        return comments;
    }

    /** All tokens; the last one is {@link Kind#END}. */
    List<Token> tokens() {
        if (text.startsWith("\uFEFF")) {
            at = 1; // a byte order mark, as some editors write it
            lineStart = 1;
        }
        while (at < text.length() && !diagnostics.isFull()) {
            if (tokens.size() == Limits.TOKENS) {
                limit(spanFrom(at, at), "a filter may have " + Limits.TOKENS + " words and signs");
                break;
            }
            next();
        }
        tokens.add(new Token(Kind.END, "", new Span(at, at, line, at - lineStart + 1), true));
        return tokens;
    }

    private void next() {
        char c = text.charAt(at);
        if (c == '\n' || c == '\r') {
            newLine();
        } else if (c == ' ' || c == '\t') {
            at++;
        } else if (c == '#' && first || c == '/' && follows('/')) {
            comment(endOfLine());
        } else if (c == '/' && follows('*')) {
            blockComment();
        } else if (c == '"' || c == '\'') {
            quoted(c);
        } else if (isDigit(c) || c == '-' && at + 1 < text.length() && isDigit(text.charAt(at + 1))) {
            number();
        } else if (isNameStart(text.codePointAt(at))) {
            name();
        } else if (text.startsWith("<init>", at) || text.startsWith("<clinit>", at)) {
            add(Kind.ID, text.indexOf('>', at) + 1);
        } else {
            sign(c);
        }
    }

    private void sign(char c) {
        switch (c) {
            case '{' -> add(Kind.LBRACE, at + 1);
            case '}' -> add(Kind.RBRACE, at + 1);
            case '(' -> add(Kind.LPAREN, at + 1);
            case ')' -> add(Kind.RPAREN, at + 1);
            case ',' -> add(Kind.COMMA, at + 1);
            case ';' -> add(Kind.SEMICOLON, at + 1);
            case ':' -> add(Kind.COLON, at + 1);
            case '#' -> add(Kind.HASH, at + 1);
            case '=' -> add(Kind.EQUALS, at + 1);
            case '>' -> add(Kind.BEFORE, at + 1);
            case '*' -> add(Kind.STAR, at + 1);
            case '<' -> add(follows('>') ? Kind.EXCLUDES : Kind.LESS, at + (follows('>') ? 2 : 1));
            case '.' -> add(text.startsWith("...", at) ? Kind.ELLIPSIS : Kind.DOT, at + (text.startsWith("...", at) ? 3 : 1));
            case '[' -> {
                if (follows(']')) {
                    add(Kind.BRACKETS, at + 2);
                } else {
                    add(Kind.OTHER, at + 1);
                }
            }
            case ']', '-', '/', '@', '+', '&', '|', '!', '?', '~', '^', '%' -> add(Kind.OTHER, at + 1);
            default -> illegal();
        }
    }

    /** Reports the character here and steps over it and what is like it, so that a binary file gives few remarks. */
    private void illegal() {
        int from = at;
        int c = text.codePointAt(at);
        while (at < text.length() && isIllegal(text.codePointAt(at))) {
            at += Character.charCount(text.codePointAt(at));
        }
        if (at == from) {
            at += Character.charCount(c);
        }
        first = false;
        diagnostics.report(
                DiagnosticCode.ILLEGAL_CHARACTER,
                span(from),
                "the character '" + Printable.of(c) + "' has no meaning in a filter",
                c == 0xA0 ? "this is a no-break space: write a plain one" : "remove it");
    }

    private boolean isIllegal(int c) {
        return c != '\n' && c != '\r' && c != '\t' && !Printable.isHarmless(c);
    }

    /** Reports control characters and direction marks inside a comment or text, where they could deceive a reader. */
    private void checkShown(int from, int to) {
        for (int i = from; i < to; ) {
            int c = text.codePointAt(i);
            if (isIllegal(c)) {
                diagnostics.report(
                        DiagnosticCode.ILLEGAL_CHARACTER,
                        spanFrom(i, i + Character.charCount(c)),
                        "the invisible character '" + Printable.of(c) + "' is not allowed, also in comments and texts",
                        "remove it: it could show a reader something else than what is written");
                return;
            }
            i += Character.charCount(c);
        }
    }

    private void comment(int end) {
        checkShown(at, end);
        comments.add(new Comment(text.substring(at, end).stripTrailing(), spanFrom(at, end), first));
        at = end;
    }

    private void blockComment() {
        int end = text.indexOf("*/", at + 2);
        if (end < 0) {
            diagnostics.report(
                    DiagnosticCode.UNTERMINATED, spanFrom(at, at + 2), "this comment has no end", "close it with */");
            at = text.length();
            return;
        }
        end += 2;
        boolean ownLine = first;
        Span span = spanFrom(at, end);
        checkShown(at, end);
        comments.add(new Comment(text.substring(at, end), span, ownLine));
        while (at < end) {
            char c = text.charAt(at);
            if (c == '\n' || c == '\r') {
                newLine();
            } else {
                at++;
            }
        }
    }

    private void quoted(char quote) {
        Span start = spanFrom(at, at + 1);
        int from = at++;
        int end = quote == '"' && isBehindAbout() ? Math.max(endOfLine(), endOfNote()) : endOfLine();
        StringBuilder content = new StringBuilder();
        while (at < end && text.charAt(at) != quote) {
            char c = text.charAt(at);
            if (c == '\\' && at + 1 < end) {
                escape(content);
            } else if (c == '\n' || c == '\r') {
                lineBreak(content);
            } else {
                content.append(text.charAt(at++));
            }
        }
        if (at >= end) {
            diagnostics.report(
                    DiagnosticCode.UNTERMINATED, span(from), "this text has no end on its line", "close it with " + quote);
        } else {
            at++;
        }
        checkShown(from, at);
        Span span = new Span(from, at, start.line(), start.column());
        if (content.length() > Limits.STRING_LENGTH) {
            limit(span, "a text may have " + Limits.STRING_LENGTH + " characters; this one has " + content.length());
            content.setLength(Limits.STRING_LENGTH);
        }
        tokens.add(new Token(quote == '"' ? Kind.STRING : Kind.CHARACTER, content.toString(), span, first && start.line() == line));
        first = false;
    }

    /** A text for people may run over lines: each break is a blank, with the indentation behind it. */
    private void lineBreak(StringBuilder content) {
        newLine();
        while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
            at++;
        }
        content.setLength(content.toString().stripTrailing().length());
        content.append(' ');
    }

    private boolean isBehindAbout() {
        return !tokens.isEmpty() && tokens.get(tokens.size() - 1).is("about") && tokens.get(tokens.size() - 1).firstOnLine();
    }

    /**
     * Where a text that runs over lines ends: behind the next quote, if nothing but a comment or a brace follows it on its line. Else the
     * text is one whose end was forgotten, and the quote begins another.
     */
    private int endOfNote() {
        int most = Math.min(text.length(), at + 2 * Limits.STRING_LENGTH);
        int i = at;
        while (i < most && text.charAt(i) != '"') {
            i += text.charAt(i) == '\\' ? 2 : 1;
        }
        if (i >= most) {
            return -1;
        }
        int behind = i + 1;
        while (behind < text.length() && (text.charAt(behind) == ' ' || text.charAt(behind) == '\t')) {
            behind++;
        }
        boolean isLast = behind == text.length() || "\r\n}".indexOf(text.charAt(behind)) >= 0
                || text.startsWith("//", behind) || text.startsWith("/*", behind);
        return isLast ? i + 1 : -1;
    }

    private void escape(StringBuilder content) {
        char c = text.charAt(at + 1);
        int known = "\"'\\tnr".indexOf(c);
        if (known < 0) {
            diagnostics.report(
                    DiagnosticCode.SYNTAX,
                    spanFrom(at, at + 2),
                    "'\\" + Printable.of(c) + "' is not an escape",
                    "there are \\\" \\' \\\\ \\t \\n and \\r");
        } else {
            content.append("\"'\\\t\n\r".charAt(known));
        }
        at += 2;
    }

    private void number() {
        int end = at + 1;
        while (end < text.length()
                && (isNamePart(text.codePointAt(end))
                        || text.charAt(end) == '.' && end + 1 < text.length() && isDigit(text.charAt(end + 1)))) {
            end += Character.charCount(text.codePointAt(end));
        }
        add(Kind.NUMBER, end);
    }

    private void name() {
        if (text.startsWith("at", at) && at + 2 < text.length() && (text.charAt(at + 2) == ' ' || text.charAt(at + 2) == '\t')) {
            Matcher frame = FRAME.matcher(text).region(at, Math.min(text.length(), at + FRAME_LENGTH));
            if (frame.lookingAt()) {
                add(Kind.FRAME, frame.end());
                return;
            }
        }
        int end = at;
        while (end < text.length() && (isNamePart(text.codePointAt(end)) || isInnerHyphen(end))) {
            end += Character.charCount(text.codePointAt(end));
        }
        if (end - at > Limits.NAME_LENGTH) {
            int from = at;
            limit(spanFrom(at, end), "a name may have " + Limits.NAME_LENGTH + " characters; this one has " + (end - at));
            at = end;
            token(Kind.ID, text.substring(from, from + Limits.NAME_LENGTH), from);
            return;
        }
        if (end - at == 6 && text.startsWith("sha256:", at)) {
            int stop = end + 1;
            while (stop < text.length() && isNamePart(text.codePointAt(stop))) {
                stop += Character.charCount(text.codePointAt(stop));
            }
            if (stop - end > DIGEST_LENGTH) {
                add(Kind.DIGEST, stop);
                return;
            }
        }
        add(Kind.ID, end);
    }

    /** Kotlin mangles names with a hyphen, and file names have them: {@code getSize-s-VKNKU}, {@code package-info.java}. */
    private boolean isInnerHyphen(int i) {
        return text.charAt(i) == '-' && i + 1 < text.length() && isNamePart(text.codePointAt(i + 1));
    }

    private void limit(Span span, String message) {
        diagnostics.report(DiagnosticCode.LIMIT, span, message, "");
    }

    private void newLine() {
        at += text.charAt(at) == '\r' && follows('\n') ? 2 : 1;
        line++;
        lineStart = at;
        first = true;
    }

    private boolean follows(char c) {
        return at + 1 < text.length() && text.charAt(at + 1) == c;
    }

    /** Where this line ends; looked for once a line, or a line of nothing but quotes would take quadratic time. */
    private int endOfLine() {
        if (lineEnd < at) {
            lineEnd = at;
            while (lineEnd < text.length() && text.charAt(lineEnd) != '\n' && text.charAt(lineEnd) != '\r') {
                lineEnd++;
            }
        }
        return lineEnd;
    }

    private void add(Kind kind, int end) {
        int from = at;
        at = end;
        token(kind, text.substring(from, end), from);
    }

    private void token(Kind kind, String content, int from) {
        tokens.add(new Token(kind, content, span(from), first));
        first = false;
    }

    private Span span(int from) {
        return spanFrom(from, at);
    }

    private Span spanFrom(int from, int to) {
        return new Span(from, to, line, from - lineStart + 1);
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isNameStart(int c) {
        return Character.isJavaIdentifierStart(c);
    }

    private static boolean isNamePart(int c) {
        return Character.isJavaIdentifierPart(c) && !Character.isIdentifierIgnorable(c);
    }
}
