package dev.loom.filter.syntax;

import dev.loom.filter.diagnostic.Span;

/**
 * One word of a filter.
 *
 * @param text as written; of a quoted text, its content
 * @param firstOnLine whether only white space stands before it on its line
 */
record Token(Kind kind, String text, Span span, boolean firstOnLine) {

    enum Kind {
        ID("a name"),
        NUMBER("a number"),
        STRING("a quoted text"),
        CHARACTER("a character"),
        DIGEST("a digest"),
        FRAME("a stack frame"),
        LBRACE("'{'"),
        RBRACE("'}'"),
        LPAREN("'('"),
        RPAREN("')'"),
        BRACKETS("'[]'"),
        COMMA("','"),
        SEMICOLON("';'"),
        COLON("':'"),
        DOT("'.'"),
        HASH("'#'"),
        EQUALS("'='"),
        EXCLUDES("'<>'"),
        BEFORE("'>'"),
        LESS("'<'"),
        STAR("'*'"),
        ELLIPSIS("'...'"),
        OTHER("a sign"),
        END("the end of the file");

        final String shown;

        Kind(String shown) {
            this.shown = shown;
        }
    }

    boolean is(Kind other) {
        return kind == other;
    }

    boolean is(String word) {
        return kind == Kind.ID && text.equals(word);
    }

    /** Whether nothing stands between this token and the one before. */
    boolean touches(Token before) {
        return before.span.end() == span.start();
    }
}
