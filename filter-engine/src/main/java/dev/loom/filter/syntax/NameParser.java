package dev.loom.filter.syntax;

import dev.loom.filter.diagnostic.DiagnosticCode;
import dev.loom.filter.diagnostic.Span;
import dev.loom.filter.syntax.Token.Kind;
import dev.loom.filter.syntax.TokenStream.Unreadable;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads names: of classes, members, parameter types, patterns, and the numbers of lines. */
final class NameParser {

    /** Words that a region or event cannot be called, for no reader could tell them from the language's own. */
    private static final Set<String> RESERVED = Set.of(
            "filter", "about", "ticket", "use", "region", "event", "observe", "atomic", "shared", "pin", "by", "as", "in",
                    "within",
            "each", "this", "class", "true", "false", "null");

    private final TokenStream in;

    NameParser(TokenStream in) {
        this.in = in;
    }

    Name name(String where) {
        Token token = in.expect(Kind.ID, where);
        return new Name(token.text(), token.span());
    }

    /** Whether a word cannot be the name of a region or event. */
    boolean isReserved(Token word) {
        return RESERVED.contains(word.text());
    }

    Name declaredName(String where) {
        Name name = name(where);
        if (RESERVED.contains(name.text())) {
            in.diagnostics().report(
                    DiagnosticCode.SYNTAX, name.span(), "'" + name.text() + "' is a word of the language and cannot be a name",
                            "choose another name");
        }
        return name;
    }

    /** A name with dots, as its parts. */
    List<Name> dotted(String where) {
        List<Name> parts = new ArrayList<>(List.of(name(where)));
        while (in.peek().is(Kind.DOT)) {
            in.next();
            parts.add(name("behind '.'"));
        }
        return parts;
    }

    TypeName typeName(String where) {
        return typeName(dotted(where));
    }

    TypeName typeName(List<Name> parts) {
        Span span = parts.get(0).span().to(parts.get(parts.size() - 1).span());
        long length = parts.size() - 1;
        for (Name part : parts) {
            length += part.text().length();
        }
        if (length > Limits.NAME_LENGTH) {
            in.limit(span, "a name may have " + Limits.NAME_LENGTH + " characters; this one has " + length);
            throw new Unreadable();
        }
        return new TypeName(String.join(".", parts.stream().map(Name::text).toList()), span);
    }

    Member member(String where) {
        TypeName type = typeName(where);
        if (!in.peek().is(Kind.HASH)) {
            throw in.unexpected("'#' and a method's name behind the class", "write com.acme.Bank#transfer");
        }
        return member(type);
    }

    /** The rest of a member; the '#' is next. */
    Member member(TypeName type) {
        in.next();
        Name name = name("(a method's name) behind '#'");
        List<ParameterType> parameters = in.peek().is(Kind.LPAREN) ? parameters() : null;
        return new Member(type, name, parameters, in.spanSince(type.span()));
    }

    private List<ParameterType> parameters() {
        in.next();
        List<ParameterType> types = new ArrayList<>();
        if (in.accept(Kind.RPAREN)) {
            return types;
        }
        do {
            ParameterType type = parameterType();
            if (types.size() == Limits.PARAMETERS) {
                in.limit(type.span(), "a method may have " + Limits.PARAMETERS + " parameters");
                throw new Unreadable();
            }
            types.add(type);
        } while (in.accept(Kind.COMMA));
        if (in.peek().is(Kind.ID)) {
            throw in.unexpected("',' or ')'", "write the types of the parameters only, without their names");
        }
        in.expect(Kind.RPAREN, "behind the parameter types");
        return types;
    }

    private ParameterType parameterType() {
        TypeName name = typeName("(a parameter's type)");
        if (in.peek().is(Kind.LESS)) {
            throw in.unexpected("',' or ')'", "write the type without its type arguments, List and not List<String>");
        }
        int dimensions = 0;
        while (in.accept(Kind.BRACKETS)) {
            dimensions++;
        }
        if (in.accept(Kind.ELLIPSIS)) {
            dimensions++;
        }
        if (dimensions > Limits.PARAMETERS) {
            in.limit(in.spanSince(name.span()), "an array may have " + Limits.PARAMETERS + " dimensions");
            throw new Unreadable();
        }
        return new ParameterType(name.text(), dimensions, in.spanSince(name.span()));
    }

    /** A line number; the ':' is next. */
    int line() {
        in.next();
        Token token = in.expect(Kind.NUMBER, "(a line) behind ':'");
        Token behind = in.peek();
        if (behind.is(Kind.NUMBER) && behind.text().startsWith("-") && behind.touches(token)) {
            throw in.error(
                    token.span().to(behind.span()), "a region of lines is not written as a range", "write { C:42 ; C:45 }");
        }
        Integer line = lineNumber(token.text());
        if (line == null) {
            in.diagnostics().report(
                    DiagnosticCode.BAD_NUMBER,
                    token.span(),
                    TokenStream.shown(token) + " is not a line number",
                    "a line is a whole number from 1 to " + Limits.LINE);
            throw new Unreadable();
        }
        return line;
    }

    static @Nullable Integer lineNumber(String digits) {
        if (!digits.matches("[0-9]{1,6}")) {
            return null;
        }
        int line = Integer.parseInt(digits);
        return line >= 1 && line <= Limits.LINE ? line : null;
    }

    /** A class-name pattern such as {@code com.acme.**}. */
    String pattern() {
        Token first = in.peek();
        StringBuilder pattern = new StringBuilder();
        while (true) {
            Token token = in.peek();
            boolean joined = pattern.length() == 0 || token.touches(in.last());
            if (!joined || !(token.is(Kind.ID) || token.is(Kind.STAR) || token.is(Kind.DOT) && pattern.length() > 0)) {
                break;
            }
            pattern.append(in.next().text());
        }
        if (pattern.length() == 0 || pattern.charAt(pattern.length() - 1) == '.') {
            throw in.unexpected("a class-name pattern", "write com.acme.** or com.acme.Bank");
        }
        if (pattern.length() > Limits.NAME_LENGTH || pattern.indexOf("..") >= 0 || pattern.indexOf("***") >= 0) {
            throw in.error(in.spanSince(first.span()), "this is not a class-name pattern", "write com.acme.** or com.acme.Bank");
        }
        return pattern.toString();
    }
}
