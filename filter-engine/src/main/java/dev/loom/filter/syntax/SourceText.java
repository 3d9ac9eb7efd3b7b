package dev.loom.filter.syntax;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Writes parts of the syntax tree in their one normal form: as the language wants them, one space where one is needed. */
public final class SourceText {

    private SourceText() {}

    /** A statement. */
    public static String of(Statement statement) {
        if (statement instanceof Statement.About a) {
            return "about " + quoted(a.text(), '"');
        } else if (statement instanceof Statement.Ticket t) {
            return "ticket " + quoted(t.text(), '"');
        } else if (statement instanceof Statement.Use u) {
            return "use " + u.type().text() + (u.alias() == null ? "" : " as " + u.alias().text());
        } else if (statement instanceof Statement.RegionDeclaration r) {
            return "region " + r.name().text() + " = " + of(r.region());
        } else if (statement instanceof Statement.EventDeclaration e) {
            return "event " + e.name().text() + " = " + of(e.event());
        } else if (statement instanceof Statement.Pin p) {
            return "pin " + of(p.member()) + " " + p.digest();
        }
        Statement.Constraint constraint = (Statement.Constraint) statement;
        return (constraint.observe() ? "observe " : "") + of(constraint);
    }

    /** A constraint, without its {@code observe}. */
    public static String of(Statement.Constraint constraint) {
        if (constraint instanceof Statement.Exclusion e) {
            return e.sides().stream().map(SourceText::of).collect(Collectors.joining(" <> "));
        } else if (constraint instanceof Statement.Atomic a) {
            return "atomic " + of(a.region());
        } else if (constraint instanceof Statement.Unilateral u) {
            return of(u.region()) + " <> *" + (u.scope().isEmpty() ? "" : " in " + String.join(", ", u.scope()));
        } else {
            Statement.Order o = (Statement.Order) constraint;
            return o.events().stream().map(SourceText::of).collect(Collectors.joining(" > "))
                    + (o.each() ? " each" : "")
                    + (o.within() == null ? "" : " within " + of(o.within()));
        }
    }

    /** A side. */
    public static String of(Side side) {
        return (side.shared() ? "shared " : "") + of(side.region());
    }

    /** A region. */
    public static String of(Region region) {
        String text;
        if (region instanceof Region.Named n) {
            text = n.name().text();
        } else if (region instanceof Region.Lines l) {
            text = "{ " + events(l.entries()) + " ; " + events(l.exits()) + " }";
        } else if (region instanceof Region.Call c) {
            text = of(c.member());
        } else {
            text = of(((Region.Line) region).location());
        }
        return text + by(region.key());
    }

    /** An event. */
    public static String of(Event event) {
        String text = event.target() instanceof Event.Target.Named n ? n.name().text()
                : of(((Event.Target.At) event.target()).location());
        return text + by(event.key()) + (event.count() == null ? "" : " {" + of(event.count()) + "}");
    }

    /** A location. */
    public static String of(Location location) {
        if (location instanceof Location.OfType t) {
            return t.type().text() + ":" + t.line();
        } else if (location instanceof Location.OfMember m) {
            return of(m.member()) + ":" + m.line();
        } else if (location instanceof Location.OfFile f) {
            return f.file() + ":" + f.line();
        } else {
            Location.OfFrame f = (Location.OfFrame) location;
            return "at " + f.type().text() + "." + f.method().text() + "(" + (f.file() == null ? "Unknown" : f.file()) + ":"
                    + f.line() + ")";
        }
    }

    /** A member. */
    public static String of(Member member) {
        List<ParameterType> parameters = member.parameters();
        return member.type().text()
                + "#"
                + member.name().text()
                + (parameters == null ? "" : parameters.stream().map(ParameterType::text).collect(Collectors.joining(",", "(",
                        ")")));
    }

    /** A key. */
    public static String of(Key key) {
        String base;
        if (key.base() instanceof Key.Base.Outer o) {
            base = o.type().text() + ".this";
        } else if (key.base() instanceof Key.Base.ClassLiteral c) {
            base = c.type().text() + ".class";
        } else if (key.base() instanceof Key.Base.Variable v) {
            base = v.name().text();
        } else if (key.base() instanceof Key.Base.Parameter p) {
            base = "$" + p.number();
        } else if (key.base() instanceof Key.Base.Literal l) {
            base = literal(l.value());
        } else {
            base = "this";
        }
        return base + key.path().stream().map(n -> "." + n.text()).collect(Collectors.joining());
    }

    /** A duration, in its largest whole unit. */
    public static String of(Duration duration) {
        long nanos = duration.toNanos();
        if (nanos % 3_600_000_000_000L == 0) {
            return nanos / 3_600_000_000_000L + "h";
        } else if (nanos % 60_000_000_000L == 0) {
            return nanos / 60_000_000_000L + "m";
        } else if (nanos % 1_000_000_000L == 0) {
            return nanos / 1_000_000_000L + "s";
        }
        return BigDecimal.valueOf(nanos, 6).stripTrailingZeros().toPlainString() + "ms";
    }

    /** A text in quotes, with escapes. */
    public static String quoted(String text, char quote) {
        StringBuilder out = new StringBuilder().append(quote);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '\\' -> out.append("\\\\");
                case '\t' -> out.append("\\t");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                default -> out.append(c == quote ? "\\" : "").append(c);
            }
        }
        return out.append(quote).toString();
    }

    private static String literal(Object value) {
        if (value instanceof String s) {
            return quoted(s, '"');
        } else if (value instanceof Character c) {
            return quoted(c.toString(), '\'');
        } else if (value instanceof Long l) {
            return l + "L";
        } else if (value instanceof Double d) {
            String plain = new BigDecimal(d.toString()).stripTrailingZeros().toPlainString();
            return plain.contains(".") ? plain : plain + ".0";
        }
        return String.valueOf(value);
    }

    private static String of(Event.Count count) {
        return count instanceof Event.Count.Times t ? Long.toString(t.number()) : of(((Event.Count.Value) count).key());
    }

    private static String by(@Nullable Key key) {
        return key == null ? "" : " by " + of(key);
    }

    private static String events(List<Event> events) {
        return events.stream().map(SourceText::of).collect(Collectors.joining(", "));
    }
}
