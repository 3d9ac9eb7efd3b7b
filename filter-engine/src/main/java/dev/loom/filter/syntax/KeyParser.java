package dev.loom.filter.syntax;

import dev.loom.filter.diagnostic.DiagnosticCode;
import dev.loom.filter.syntax.Key.Base;
import dev.loom.filter.syntax.Token.Kind;
import dev.loom.filter.syntax.TokenStream.Unreadable;
import java.util.ArrayList;
import java.util.List;

/** Reads what stands behind {@code by}, and counts. */
final class KeyParser {

    private final TokenStream in;
    private final NameParser names;

    KeyParser(TokenStream in, NameParser names) {
        this.in = in;
        this.names = names;
    }

    Key key() {
        Token first = in.peek();
        Key key = switch (first.kind()) {
            case NUMBER -> literal(number(in.next()), first);
            case STRING -> literal(in.next().text(), first);
            case CHARACTER -> literal(character(in.next()), first);
            case ID -> path(first);
            default -> throw in.unexpected(
                    "a key behind 'by'", "a key is this, Outer.this, a parameter or local, $1, a field path, a class literal or "
                            + "a literal");
        };
        if (in.peek().is(Kind.LPAREN)) {
            throw in.error(in.peek().span(), "a key cannot call a method", "name a field, a parameter or a local");
        }
        if (in.peek().is(Kind.OTHER) || in.peek().is(Kind.BRACKETS) || in.peek().is(Kind.STAR)) {
            throw in.error(in.peek().span(), "a key cannot compute", "name a field, a parameter or a local");
        }
        return key;
    }

    /** Whether the brace that is next holds a count and not the events of a region. */
    boolean startsCount() {
        if (!in.peek().is(Kind.LBRACE)) {
            return false;
        }
        for (int i = 1; i <= 2 * Limits.KEY_PATH + 3; i++) {
            Token token = in.peek(i);
            if (token.is(Kind.RBRACE)) {
                return i > 1;
            }
            if (!token.is(Kind.ID) && !token.is(Kind.DOT) && !token.is(Kind.NUMBER)) {
                return false;
            }
        }
        return false;
    }

    Event.Count count() {
        in.next();
        Token first = in.peek();
        Event.Count count;
        if (first.is(Kind.NUMBER)) {
            in.next();
            if (!first.text().matches("[0-9]{1,18}") || Long.parseLong(first.text()) == 0) {
                throw bad(first, "is not a count", "a count is a whole number from 1");
            }
            count = new Event.Count.Times(Long.parseLong(first.text()));
        } else {
            count = new Event.Count.Value(key());
        }
        in.expect(Kind.RBRACE, "behind the count");
        return count;
    }

    private Key path(Token first) {
        List<Name> parts = names.dotted("(a key)");
        List<String> words = parts.stream().map(Name::text).toList();
        int special = -1;
        for (int i = 0; i < words.size() && special < 0; i++) {
            if (words.get(i).equals("this") || words.get(i).equals("class")) {
                special = i;
            }
        }
        Base base;
        int from = Math.max(special, 0) + 1;
        if (special > 0) {
            TypeName type = names.typeName(parts.subList(0, special));
            base = words.get(special).equals("this") ? new Base.Outer(type) : new Base.ClassLiteral(type);
        } else if (words.get(0).equals("this")) {
            base = new Base.This();
        } else if (words.get(0).equals("true") || words.get(0).equals("false")) {
            base = new Base.Literal(Boolean.valueOf(words.get(0)));
        } else if (words.get(0).equals("null") || words.get(0).equals("class")) {
            throw in.error(first.span(), "'" + words.get(0) + "' is not a key", "");
        } else if (words.get(0).matches("\\$[0-9]+")) {
            base = parameter(first);
        } else {
            base = new Base.Variable(parts.get(0));
        }
        List<Name> path = new ArrayList<>(parts.subList(from, parts.size()));
        if (path.size() > Limits.KEY_PATH) {
            in.limit(in.spanSince(first.span()), "a key may follow " + Limits.KEY_PATH + " fields");
            throw new Unreadable();
        }
        return new Key(base, path, in.spanSince(first.span()));
    }

    private Base parameter(Token token) {
        String digits = token.text().substring(1);
        int number = digits.length() > 3 ? Integer.MAX_VALUE : Integer.parseInt(digits);
        if (number < 1 || number > Limits.PARAMETERS) {
            throw bad(token, "is not the number of a parameter", "parameters are $1, $2 and so on");
        }
        return new Base.Parameter(number);
    }

    private Key literal(Object value, Token token) {
        return new Key(new Base.Literal(value), List.of(), token.span());
    }

    private Object character(Token token) {
        if (token.text().length() != 1) {
            throw bad(token, "is not one character", "write a text in \"double quotes\"");
        }
        return token.text().charAt(0);
    }

    private Object number(Token token) {
        String text = token.text();
        try {
            if (text.matches("-?[0-9]{1,19}[lL]")) {
                return Long.valueOf(text.substring(0, text.length() - 1));
            }
            if (text.matches("-?[0-9]{1,10}")) {
                return Integer.valueOf(text);
            }
            if (text.matches("-?[0-9]{1,30}\\.[0-9]{1,30}")) {
                return Double.valueOf(text);
            }
        } catch (NumberFormatException outOfRange) {
            // reported below
        }
        throw bad(token, "is not a number that can be a key", "write 42, 42L or 4.2");
    }

    private Unreadable bad(Token token, String what, String hint) {
        in.diagnostics().report(DiagnosticCode.BAD_NUMBER, token.span(), TokenStream.shown(token) + " " + what, hint);
        return new Unreadable();
    }
}
