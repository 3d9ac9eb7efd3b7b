package dev.loom.filter.syntax;

import dev.loom.filter.diagnostic.DiagnosticCode;
import dev.loom.filter.diagnostic.Span;
import dev.loom.filter.syntax.Token.Kind;
import dev.loom.filter.syntax.TokenStream.Unreadable;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads regions and events. Which of the two a name or a line is shows only in the operator behind it, so both are first read as
 * an operand. Nothing here calls itself: regions do not nest.
 */
final class RegionParser {

    private static final Set<String> SOURCE_FILES = Set.of("java", "kt", "kts", "groovy", "gradle", "scala", "sc", "clj", "cljc", "aj", "jsp");

    private final TokenStream in;
    private final NameParser names;
    private final KeyParser keys;

    RegionParser(TokenStream in) {
        this.in = in;
        this.names = new NameParser(in);
        this.keys = new KeyParser(in, names);
    }

    /** What a region or event is before it is known which. */
    record Operand(What what, @Nullable Key key, Event.@Nullable Count count, Span span) {
        sealed interface What {
            record Named(Name name) implements What {}

            record Lines(List<Event> entries, List<Event> exits) implements What {}

            record Call(Member member) implements What {}

            record At(Location location) implements What {}
        }
    }

    NameParser names() {
        return names;
    }

    boolean startsOperand(Token token) {
        return token.is(Kind.ID) || token.is(Kind.LBRACE) || token.is(Kind.FRAME);
    }

    Operand operand() {
        return in.peek().is(Kind.LBRACE) ? lines() : simple();
    }

    Region asRegion(Operand operand) {
        if (operand.count() != null) {
            in.diagnostics().report(
                    DiagnosticCode.COUNT_MISPLACED,
                    operand.span(),
                    "a count belongs to an event of an order, not to a region",
                    "remove the count");
        }
        if (operand.what() instanceof Operand.What.Named named) {
            return new Region.Named(named.name(), operand.key(), operand.span());
        } else if (operand.what() instanceof Operand.What.Lines lines) {
            return new Region.Lines(lines.entries(), lines.exits(), operand.key(), operand.span());
        } else if (operand.what() instanceof Operand.What.Call call) {
            return new Region.Call(call.member(), operand.key(), operand.span());
        } else {
            return new Region.Line(((Operand.What.At) operand.what()).location(), operand.key(), operand.span());
        }
    }

    Event asEvent(Operand operand) {
        if (operand.what() instanceof Operand.What.Named named) {
            return new Event(new Event.Target.Named(named.name()), operand.key(), operand.count(), operand.span());
        } else if (operand.what() instanceof Operand.What.At at) {
            return new Event(new Event.Target.At(at.location()), operand.key(), operand.count(), operand.span());
        }
        in.diagnostics().report(
                DiagnosticCode.WRONG_KIND, operand.span(), "this is a region, and an event is needed here",
                        "name a line, com.acme.Bank:42");
        throw new Unreadable();
    }

    private Operand lines() {
        Token brace = in.next();
        List<Event> entries = events();
        if (!in.peek().is(Kind.SEMICOLON)) {
            throw in.unexpected("';' between the entries and the exits of the region", "write { C:42 ; C:45 }");
        }
        in.next();
        List<Event> exits = events();
        in.expect(Kind.RBRACE, "at the end of the region");
        Key key = by();
        return new Operand(new Operand.What.Lines(entries, exits), key, null, in.spanSince(brace.span()));
    }

    private List<Event> events() {
        List<Event> events = new ArrayList<>();
        do {
            Token first = in.peek();
            if (first.is(Kind.LBRACE)) {
                throw in.error(first.span(), "regions cannot stand inside each other",
                        "list the lines of both in one pair of braces");
            }
            if (first.is(Kind.SEMICOLON) || first.is(Kind.RBRACE)) {
                throw in.unexpected("an event", "a region needs at least one entry and one exit: { C:42 ; C:45 }");
            }
            Event event = asEvent(simple());
            if (event.count() != null) {
                in.diagnostics().report(
                        DiagnosticCode.COUNT_MISPLACED, event.span(), "a count belongs to an event of an order, not to one of a region",
                                "remove the count");
            }
            if (events.size() == Limits.EVENTS) {
                in.limit(event.span(), "a region may have " + Limits.EVENTS + " entries and as many exits");
            }
            if (events.size() <= Limits.EVENTS) {
                events.add(event);
            }
        } while (in.accept(Kind.COMMA));
        return events;
    }

    private Operand simple() {
        Token first = in.peek();
        Operand.What what = first.is(Kind.FRAME) ? new Operand.What.At(frame(in.next())) : named();
        Key key = by();
        Event.Count count = keys.startsCount() ? keys.count() : null;
        return new Operand(what, key, count, in.spanSince(first.span()));
    }

    private Operand.What named() {
        Token first = in.peek();
        if (!first.is(Kind.ID) || names.isReserved(first) && !FileParser.isNamePart(in.peek(1))) {
            throw in.unexpected("a region or event",
                    "write com.acme.Bank#transfer, com.acme.Bank:42, { C:42 ; C:45 } or a declared name");
        }
        List<Name> parts = names.dotted("");
        String last = parts.get(parts.size() - 1).text();
        switch (in.peek().kind()) {
            case HASH -> {
                Member member = names.member(names.typeName(parts));
                if (in.peek().is(Kind.COLON)) {
                    int line = names.line();
                    return new Operand.What.At(new Location.OfMember(member, line, in.spanSince(first.span())));
                }
                return new Operand.What.Call(member);
            }
            case COLON -> {
                TypeName type = names.typeName(parts);
                int line = names.line();
                Span span = in.spanSince(first.span());
                if (parts.size() == 2 && SOURCE_FILES.contains(last)) {
                    return new Operand.What.At(new Location.OfFile(type.text(), line, span));
                }
                if (parts.size() > 2 && SOURCE_FILES.contains(last)) {
                    String path = type.text().substring(0, type.text().lastIndexOf('.'));
                    throw in.error(span, "a source file is named without its package", "write " + path + ":" + line);
                }
                return new Operand.What.At(new Location.OfType(type, line, span));
            }
            case LPAREN -> {
                return new Operand.What.At(frameWithoutAt(parts, first));
            }
            default -> {
                if (parts.size() > 1) {
                    throw in.error(
                            names.typeName(parts).span(),
                            "a class name alone is neither a region nor an event",
                            "write " + String.join(".", parts.stream().limit(parts.size() - 1).map(Name::text).toList()) + "#"
                                    + last
                                    + " for a method, or add :LINE for a line");
                }
                return new Operand.What.Named(parts.get(0));
            }
        }
    }

    private Location frameWithoutAt(List<Name> parts, Token first) {
        Token open = in.next();
        while (!in.peek().is(Kind.RPAREN)) {
            if (in.atEnd() || in.peek().firstOnLine()) {
                throw in.error(open.span(), "this is not a stack frame, and a method is written with '#'",
                        "write com.acme.Bank#transfer(Account,long)");
            }
            in.next();
        }
        in.next();
        if (parts.size() < 2) {
            throw in.error(in.spanSince(first.span()), "the class of this method is missing",
                    "write com.acme.Bank#transfer(Account,long)");
        }
        String inside = in.textSince(open);
        Span span = in.spanSince(first.span());
        return frame(names.typeName(parts).text(), inside.substring(1, inside.length() - 1), span);
    }

    private Location frame(Token token) {
        String text = token.text();
        int open = text.indexOf('(');
        String method = text.substring(2, open).strip();
        String inside = text.substring(open + 1, text.indexOf(')', open));
        // app//com.acme.Bank, java.base/java.util.List, app//module@1.0/com.acme.Bank
        return frame(method.substring(method.lastIndexOf('/') + 1), inside, token.span());
    }

    private Location frame(String method, String inside, Span span) {
        int dot = method.lastIndexOf('.');
        int colon = inside.lastIndexOf(':');
        Integer line = colon < 0 ? null : NameParser.lineNumber(inside.substring(colon + 1).strip());
        if (dot <= 0 || dot == method.length() - 1 || method.length() > Limits.NAME_LENGTH) {
            throw in.error(span, "this stack frame names no class and method",
                    "a frame is `at com.acme.Bank.transfer(Bank.java:42)`");
        }
        if (line == null) {
            throw in.error(
                    span,
                    "this stack frame has no line number",
                    "the class was compiled without line numbers, or the method is native: name a method, "
                            + "com.acme.Bank#transfer");
        }
        String file = inside.substring(0, colon).strip();
        return new Location.OfFrame(
                new TypeName(method.substring(0, dot), span), new Name(method.substring(dot + 1), span),
                        file.isEmpty() ? null : file, line, span);
    }

    private @Nullable Key by() {
        return in.peek().is("by") ? key() : null;
    }

    private Key key() {
        in.next();
        return keys.key();
    }
}
