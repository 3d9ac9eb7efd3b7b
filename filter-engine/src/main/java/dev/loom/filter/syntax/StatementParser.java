package dev.loom.filter.syntax;

import dev.loom.filter.diagnostic.DiagnosticCode;
import dev.loom.filter.diagnostic.Span;
import dev.loom.filter.syntax.RegionParser.Operand;
import dev.loom.filter.syntax.Token.Kind;
import dev.loom.filter.syntax.TokenStream.Unreadable;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads one statement. */
final class StatementParser {

    private static final Pattern DURATION = Pattern.compile("([0-9]{1,9}(?:\\.[0-9]{1,9})?)(ms|s|m|min|h)");

    /** Words that a statement may begin with, or go on with on the same line. */
    private static final List<String> WORDS = List.of(
            "filter", "about", "ticket", "use", "region", "event", "observe", "atomic", "shared", "pin", "within", "each");

    private static final Pattern DIGEST = Pattern.compile("sha256:[0-9a-fA-F]{64}");

    /** Longest bound of a wait that may be written. */
    private static final Duration LONGEST = Duration.ofHours(24);

    private final TokenStream in;
    private final RegionParser regions;
    private final Set<String> unreadable = new HashSet<>();

    StatementParser(TokenStream in) {
        this.in = in;
        this.regions = new RegionParser(in);
    }

    /** Names whose declaration ended in an error. */
    Set<String> unreadable() {
        return unreadable;
    }

    Statement statement() {
        Token first = in.peek();
        if (first.is(Kind.ID) && !FileParser.isNamePart(in.peek(1))) {
            switch (first.text()) {
                case "about", "ticket" -> {
                    return note();
                }
                case "use" -> {
                    return use();
                }
                case "region" -> {
                    return region();
                }
                case "event" -> {
                    return event();
                }
                case "pin" -> {
                    return pin();
                }
                default -> {
                    // a constraint
                }
            }
        }
        return constraint();
    }

    private Statement note() {
        Token word = in.next();
        String text = in.expect(Kind.STRING, "behind '" + word.text() + "'").text();
        Span span = in.spanSince(word.span());
        return word.text().equals("about") ? new Statement.About(text, span) : new Statement.Ticket(text, span);
    }

    private Statement use() {
        Token word = in.next();
        TypeName type = regions.names().typeName("behind 'use'");
        Name alias = in.accept("as") ? regions.names().name("behind 'as'") : null;
        return new Statement.Use(type, alias, in.spanSince(word.span()));
    }

    private Statement region() {
        Token word = in.next();
        Name name = regions.names().declaredName("behind 'region'");
        unreadable.add(name.text());
        in.expect(Kind.EQUALS, "behind the region's name");
        Region region = regions.asRegion(regions.operand());
        unreadable.remove(name.text());
        return new Statement.RegionDeclaration(name, region, in.spanSince(word.span()));
    }

    private Statement event() {
        Token word = in.next();
        Name name = regions.names().declaredName("behind 'event'");
        unreadable.add(name.text());
        in.expect(Kind.EQUALS, "behind the event's name");
        Event event = regions.asEvent(regions.operand());
        unreadable.remove(name.text());
        return new Statement.EventDeclaration(name, event, in.spanSince(word.span()));
    }

    private Statement pin() {
        Token word = in.next();
        Member member = regions.names().member("behind 'pin'");
        Token digest = in.peek();
        if (!digest.is(Kind.DIGEST)) {
            throw in.unexpected("a digest, sha256:…, behind the pinned method", "let `check --pin` write the pin");
        }
        in.next();
        if (!DIGEST.matcher(digest.text()).matches()) {
            throw in.error(digest.span(), "a digest has 64 hexadecimal digits behind 'sha256:'",
                    "let `check --pin` write the pin");
        }
        return new Statement.Pin(
                member, digest.text().toLowerCase(Locale.ROOT), digest.span(), in.spanSince(word.span()));
    }

    private Statement constraint() {
        Span from = in.peek().span();
        boolean observe = isWord("observe") && in.accept("observe");
        if (isWord("atomic")) {
            in.next();
            if (isWord("shared")) {
                throw in.error(in.peek().span(), "'atomic' excludes a region from itself, so it cannot be shared",
                        "remove 'shared'");
            }
            Region region = regions.asRegion(regions.operand());
            return new Statement.Atomic(observe, region, in.spanSince(from));
        }
        Token sharedWord = in.peek();
        boolean shared = isWord("shared") && in.accept("shared");
        Span sideFrom = in.peek().span();
        if (!regions.startsOperand(in.peek())) {
            throw in.unexpected("a statement",
                    "a filter has about, ticket, use, region, event and pin statements and constraints such as "
                    + "`a <> b`, `a > b`, `atomic a`");
        }
        Token firstWord = in.peek();
        Operand operand = regions.operand();
        if (in.peek().is(Kind.BEFORE)) {
            if (shared) {
                throw in.error(sharedWord.span(), "an order has events, and those cannot be shared", "remove 'shared'");
            }
            return order(observe, operand, from);
        }
        if (!in.peek().is(Kind.EXCLUDES)) {
            throw afterOperand(firstWord);
        }
        if (in.peek(1).is(Kind.STAR)) {
            if (shared) {
                throw in.error(sharedWord.span(), "`r <> *` lets one thread run alone, so r cannot be shared", "remove 'shared'");
            }
            return unilateral(observe, operand, from);
        }
        Side side = new Side(shared, regions.asRegion(operand), in.spanSince(shared ? sharedWord.span() : sideFrom));
        return exclusion(observe, side, from);
    }

    /** Says what is missing behind a region or event that stands there alone. */
    private Unreadable afterOperand(Token first) {
        List<String> meant = first.is(Kind.ID) && in.last() == first ? Spelling.near(first.text(), WORDS.stream()) : List.of();
        if (!meant.isEmpty()) {
            throw in.error(
                    first.span(), TokenStream.shown(first) + " begins no statement", "did you mean " + String.join(" or ", meant) + "?");
        }
        if (in.peek().is(Kind.OTHER) && in.peek().text().equals("!") || in.peek().is(Kind.LESS)) {
            return in.unexpected("'<>' or '>'", "write `a <> b` for mutual exclusion");
        }
        return in.unexpected("'<>' or '>' behind the region or event", "write `a <> b`, `a > b`, or `atomic a`");
    }

    private Statement exclusion(boolean observe, Side first, Span from) {
        List<Side> sides = new ArrayList<>(List.of(first));
        while (in.accept(Kind.EXCLUDES)) {
            Span sideFrom = in.peek().span();
            if (in.peek().is(Kind.STAR)) {
                throw in.error(sideFrom, "'*' may only stand on the right of a single region",
                        "write `r <> *` on a line of its own");
            }
            boolean shared = isWord("shared") && in.accept("shared");
            Region region = regions.asRegion(regions.operand());
            if (sides.size() == Limits.CHAIN) {
                in.limit(region.span(), "an exclusion may have " + Limits.CHAIN + " sides");
            }
            if (sides.size() <= Limits.CHAIN) {
                sides.add(new Side(shared, region, in.spanSince(sideFrom)));
            }
        }
        return new Statement.Exclusion(observe, sides, in.spanSince(from));
    }

    private Statement unilateral(boolean observe, Operand operand, Span from) {
        in.next();
        in.next();
        List<String> scope = new ArrayList<>();
        if (in.accept("in")) {
            do {
                Span span = in.peek().span();
                String pattern = regions.names().pattern();
                if (scope.size() == Limits.PATTERNS) {
                    in.limit(span, "a scope may have " + Limits.PATTERNS + " patterns");
                }
                if (scope.size() <= Limits.PATTERNS) {
                    scope.add(pattern);
                }
            } while (in.accept(Kind.COMMA));
        }
        if (in.peek().is(Kind.EXCLUDES)) {
            throw in.error(in.peek().span(), "nothing can follow `r <> *`", "write each constraint on a line of its own");
        }
        Region region = regions.asRegion(operand);
        return new Statement.Unilateral(observe, region, scope, in.spanSince(from));
    }

    private Statement order(boolean observe, Operand first, Span from) {
        List<Event> events = new ArrayList<>(List.of(regions.asEvent(first)));
        while (in.accept(Kind.BEFORE)) {
            Event event = regions.asEvent(regions.operand());
            if (events.size() == Limits.CHAIN) {
                in.limit(event.span(), "an order may have " + Limits.CHAIN + " events");
            }
            if (events.size() <= Limits.CHAIN) {
                events.add(event);
            }
        }
        boolean each = isWord("each") && in.accept("each");
        Duration within = isWord("within") && in.accept("within") ? duration() : null;
        return new Statement.Order(observe, events, each, within, in.spanSince(from));
    }

    private @Nullable Duration duration() {
        Token number = in.expect(Kind.NUMBER, "such as 5s or 200ms behind 'within'");
        String text = number.text();
        if (in.peek().is(Kind.ID) && in.peek().text().matches("ms|s|m|min|h") && !in.peek().firstOnLine()) {
            text += in.next().text();
        }
        Span span = in.spanSince(number.span());
        Matcher matcher = DURATION.matcher(text);
        if (!matcher.matches()) {
            bad(span, "'" + text + "' is not a duration", "write 200ms, 5s, 2m or 1h");
            return null;
        }
        long unit = switch (matcher.group(2)) {
            case "ms" -> 1_000_000L;
            case "s" -> 1_000_000_000L;
            case "h" -> 3_600_000_000_000L;
            default -> 60_000_000_000L;
        };
        BigDecimal nanos = new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(unit));
        if (nanos.signum() == 0 || nanos.compareTo(BigDecimal.valueOf(LONGEST.toNanos())) > 0) {
            bad(span, "a wait can be bound by more than 0 and at most 24h", "write 200ms, 5s, 2m or 1h");
            return null;
        }
        return Duration.ofNanos(Math.max(1, nanos.longValue()));
    }

    private void bad(Span span, String message, String hint) {
        in.diagnostics().report(DiagnosticCode.BAD_NUMBER, span, message, hint);
    }

    /** Whether the next token is this word and not the start of a class name. */
    private boolean isWord(String word) {
        return in.peek().is(word) && !FileParser.isNamePart(in.peek(1));
    }
}
