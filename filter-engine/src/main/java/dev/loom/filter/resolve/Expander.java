package dev.loom.filter.resolve;

import dev.loom.filter.diagnostic.DiagnosticCode;
import dev.loom.filter.diagnostic.Diagnostics;
import dev.loom.filter.diagnostic.Printable;
import dev.loom.filter.diagnostic.Span;
import dev.loom.filter.syntax.Event;
import dev.loom.filter.syntax.FilterTree;
import dev.loom.filter.syntax.Key;
import dev.loom.filter.syntax.Location;
import dev.loom.filter.syntax.Member;
import dev.loom.filter.syntax.Name;
import dev.loom.filter.syntax.Region;
import dev.loom.filter.syntax.Side;
import dev.loom.filter.syntax.SourceText;
import dev.loom.filter.syntax.Spelling;
import dev.loom.filter.syntax.Statement;
import dev.loom.filter.syntax.TypeName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Replaces the names that a filter declares by what they stand for: regions, events, aliases of classes. What comes out holds no
 * {@link Region.Named}, no {@link Event.Target.Named} and no alias; parts keep their spans, so that a remark points at the
 * declaration where that is what has to be changed.
 */
final class Expander {

    private final Diagnostics diagnostics;
    private final Set<String> unreadable;
    private final Map<String, TypeName> aliases = new HashMap<>();
    private final Map<String, Statement.RegionDeclaration> regions = new LinkedHashMap<>();
    private final Map<String, Statement.EventDeclaration> events = new LinkedHashMap<>();
    private final Set<String> used = new LinkedHashSet<>();
    private final List<Region> orphans = new ArrayList<>();

    Expander(FilterTree file, Diagnostics diagnostics) {
        this.diagnostics = diagnostics;
        this.unreadable = file.unreadable();
        used.addAll(file.mentioned());
        for (Statement statement : file.statements()) {
            if (statement instanceof Statement.Use use) {
                declareAlias(use);
            } else if (statement instanceof Statement.RegionDeclaration region) {
                declare(region.name());
                regions.putIfAbsent(region.name().text(), region);
            } else if (statement instanceof Statement.EventDeclaration event) {
                declare(event.name());
                events.putIfAbsent(event.name().text(), event);
            }
        }
    }

    private void declareAlias(Statement.Use use) {
        String full = use.type().text();
        String alias = use.alias() != null ? use.alias().text()
                : full.substring(Math.max(full.lastIndexOf('.'), full.lastIndexOf('$')) + 1);
        TypeName before = aliases.putIfAbsent(alias, use.type());
        if (before != null && !before.text().equals(full)) {
            diagnostics.report(
                    DiagnosticCode.DECLARED_TWICE,
                    use.span(),
                    Printable.of(alias) + " already stands for " + Printable.of(before.text()),
                    "give one of them another name: use " + Printable.of(full) + " as …");
        }
    }

    private void declare(Name name) {
        if (regions.containsKey(name.text()) || events.containsKey(name.text())) {
            diagnostics.report(
                    DiagnosticCode.DECLARED_TWICE, name.span(), Printable.of(name.text()) + " is declared twice",
                            "give one of them another name");
        }
    }

    /** The constraint without names; empty if a name in it is unknown, which has been reported. */
    Optional<Statement.Constraint> expand(Statement.Constraint constraint) {
        if (constraint instanceof Statement.Exclusion e) {
            return exclusion(e.observe(), e.sides(), e.span());
        } else if (constraint instanceof Statement.Atomic a) {
            return region(a.region()).map(r -> new Statement.Atomic(a.observe(), r, a.span()));
        } else if (constraint instanceof Statement.Unilateral u) {
            return region(u.region()).filter(r -> hasNoKey(r, u)).map(r -> new Statement.Unilateral(u.observe(), r, u.scope(),
                    u.span()));
        } else {
            return order((Statement.Order) constraint);
        }
    }

    private Optional<Statement.Constraint> exclusion(boolean observe, List<Side> written, Span span) {
        List<Region> found = new ArrayList<>();
        Optional<Statement.Constraint> exclusion = exclusion(observe, written, span, found);
        if (exclusion.isEmpty()) {
            orphans.addAll(found);
        }
        return exclusion;
    }

    private Optional<Statement.Constraint> exclusion(boolean observe, List<Side> written, Span span, List<Region> found) {
        List<Side> sides = new ArrayList<>();
        Map<String, Boolean> seen = new HashMap<>();
        boolean complete = true;
        for (Side side : written) {
            Optional<Region> region = region(side.region());
            if (region.isEmpty()) {
                complete = false;
                continue;
            }
            found.add(region.get());
            Boolean before = seen.putIfAbsent(SourceText.of(region.get()), side.shared());
            if (before == null) {
                sides.add(new Side(side.shared(), region.get(), side.span()));
            } else if (before != side.shared()) {
                diagnostics.report(
                        DiagnosticCode.SHARED_ALONE, side.span(), "the same region is on a shared side and on one that is not",
                                "remove one of the two");
                complete = false;
            }
        }
        if (!complete) {
            return Optional.empty();
        }
        if (sides.size() == 1 && sides.get(0).shared()) {
            diagnostics.report(
                    DiagnosticCode.SHARED_ALONE,
                    span,
                    "the only region of this constraint is shared, so it would exclude nothing",
                    "remove 'shared', or name what the region has to exclude");
            return Optional.empty();
        }
        if (!keysFit(sides.stream().map(s -> s.region().key()).toList(), sides.stream().map(Side::span).toList())) {
            return Optional.empty();
        }
        return Optional.of(
                sides.size() == 1
                        ? new Statement.Atomic(observe, sides.get(0).region(), span)
                        : new Statement.Exclusion(observe, sides, span));
    }

    private Optional<Statement.Constraint> order(Statement.Order order) {
        List<Event> expanded = new ArrayList<>();
        for (Event event : order.events()) {
            event(event).ifPresent(expanded::add);
        }
        boolean complete = expanded.size() == order.events().size();
        if (!complete || !keysFit(expanded.stream().map(Event::key).toList(),
                order.events().stream().map(Event::span).toList())) {
            return Optional.empty();
        }
        return Optional.of(new Statement.Order(order.observe(), expanded, order.each(), order.within(), order.span()));
    }

    private boolean keysFit(List<@Nullable Key> keys, List<Span> spans) {
        boolean some = keys.stream().anyMatch(k -> k != null);
        boolean fit = true;
        for (int i = 0; i < keys.size() && some; i++) {
            if (keys.get(i) == null) {
                fit = false;
                diagnostics.report(
                        DiagnosticCode.KEYS_MIXED,
                        spans.get(i),
                        "this has no key, and others of the same constraint have one",
                        "add `by …` here, or remove it there: in one constraint all have a key or none");
            }
        }
        return fit;
    }

    private boolean hasNoKey(Region region, Statement.Unilateral constraint) {
        if (region.key() != null) {
            diagnostics.report(
                    DiagnosticCode.UNILATERAL_FORM, constraint.span(), "`r <> *` excludes all other threads, whatever key they have",
                            "remove the key");
        }
        return region.key() == null;
    }

    /** The region without names; empty if a name in it is unknown, which has been reported. */
    Optional<Region> region(Region region) {
        Region at = region;
        Key key = region.key();
        Set<String> path = new LinkedHashSet<>();
        while (at instanceof Region.Named named) {
            String name = named.name().text();
            Statement.RegionDeclaration declaration = regions.get(name);
            if (declaration == null) {
                unknown(named.name(), events.containsKey(name), true);
                return Optional.empty();
            }
            used.add(name);
            if (!path.add(name)) {
                declaredByItself("the region ", name, named.span());
                return Optional.empty();
            }
            at = declaration.region();
            if (key != null && at.key() != null) {
                use(at);
                keyTwice("the region ", name, key);
                return Optional.empty();
            }
            key = key != null ? key : at.key();
        }
        Key full = key == null ? null : key(key);
        if (at instanceof Region.Call call) {
            return Optional.of(new Region.Call(member(call.member()), full, call.span()));
        } else if (at instanceof Region.Line line) {
            return Optional.of(new Region.Line(location(line.location()), full, line.span()));
        }
        return lines((Region.Lines) at, full);
    }

    private void declaredByItself(String what, String name, Span span) {
        diagnostics.report(DiagnosticCode.UNKNOWN_NAME, span, what + Printable.of(name) + " is declared by itself", "");
    }

    private void keyTwice(String what, String name, Key key) {
        diagnostics.report(
                DiagnosticCode.KEY_TWICE,
                key.span(),
                what + Printable.of(name) + " already has a key at its declaration",
                "write `by` at the declaration or at the use, not at both");
    }

    private Optional<Region> lines(Region.Lines lines, @Nullable Key key) {
        List<Event> entries = lines.entries().stream().map(this::event).flatMap(Optional::stream).toList();
        List<Event> exits = lines.exits().stream().map(this::event).flatMap(Optional::stream).toList();
        if (entries.size() < lines.entries().size() || exits.size() < lines.exits().size()) {
            return Optional.empty();
        }
        Key common = key;
        List<Event> all = new ArrayList<>(entries);
        all.addAll(exits);
        if (all.stream().anyMatch(e -> e.key() != null)) {
            common = keyOfEvents(lines, entries, all, key);
            if (common == null) {
                return Optional.empty();
            }
        }
        return Optional.of(new Region.Lines(withoutKeys(entries), withoutKeys(exits), common, lines.span()));
    }

    /** The key that all events of a region agree on; it is taken at the entry, so an exit need not repeat it. */
    private @Nullable Key keyOfEvents(Region.Lines lines, List<Event> entries, List<Event> all, @Nullable Key ofRegion) {
        Set<String> texts = new LinkedHashSet<>();
        all.stream().filter(e -> e.key() != null).forEach(e -> texts.add(SourceText.of(e.key())));
        boolean everyEntry = entries.stream().allMatch(e -> e.key() != null);
        if (ofRegion != null || texts.size() > 1 || !everyEntry) {
            diagnostics.report(
                    DiagnosticCode.KEY_OF_EVENT,
                    lines.span(),
                    ofRegion != null
                            ? "both the region and its events have a key"
                            : "the events of this region do not all have the same key",
                    "write one key behind the region: { … ; … } by key");
            return null;
        }
        return entries.get(0).key();
    }

    private static List<Event> withoutKeys(List<Event> events) {
        return events.stream().map(e -> new Event(e.target(), null, null, e.span())).toList();
    }

    /** The event without names; empty if a name in it is unknown, which has been reported. */
    Optional<Event> event(Event event) {
        Event at = event;
        Key key = event.key();
        Event.Count count = event.count();
        Set<String> path = new LinkedHashSet<>();
        while (at.target() instanceof Event.Target.Named named) {
            String name = named.name().text();
            Statement.EventDeclaration declaration = events.get(name);
            if (declaration == null) {
                unknown(named.name(), regions.containsKey(name), false);
                return Optional.empty();
            }
            used.add(name);
            if (!path.add(name)) {
                declaredByItself("the event ", name, at.span());
                return Optional.empty();
            }
            at = declaration.event();
            if (key != null && at.key() != null) {
                use(at);
                keyTwice("the event ", name, key);
                return Optional.empty();
            }
            if (count != null && at.count() != null) {
                use(at);
                diagnostics.report(
                        DiagnosticCode.KEY_TWICE,
                        event.span(),
                        "the event " + Printable.of(name) + " already has a count at its declaration",
                        "write the count at the declaration or at the use, not at both");
                return Optional.empty();
            }
            key = key != null ? key : at.key();
            count = count != null ? count : at.count();
        }
        Location location = location(((Event.Target.At) at.target()).location());
        Event.Count full = count instanceof Event.Count.Value v ? new Event.Count.Value(key(v.key())) : count;
        return Optional.of(new Event(new Event.Target.At(location), key == null ? null : key(key), full, at.span()));
    }

    /** Counts the names in a region that is not looked at any further. */
    private void use(Region region) {
        if (region instanceof Region.Named named && used.add(named.name().text()) && regions.containsKey(named.name().text())) {
            use(regions.get(named.name().text()).region());
        } else if (region instanceof Region.Lines lines) {
            lines.entries().forEach(this::use);
            lines.exits().forEach(this::use);
        }
    }

    private void use(Event event) {
        if (event.target() instanceof Event.Target.Named named && used.add(named.name().text()) && events.containsKey(named.name().text())) {
            use(events.get(named.name().text()).event());
        }
    }

    private void unknown(Name name, boolean otherKind, boolean regionWanted) {
        String shown = Printable.of(name.text());
        if (unreadable.contains(name.text())) {
            return;
        }
        if (otherKind) {
            used.add(name.text());
            diagnostics.report(
                    DiagnosticCode.WRONG_KIND,
                    name.span(),
                    shown + (regionWanted ? " is an event, and a region is needed here"
                            : " is a region, and an event is needed here"),
                    regionWanted ? "write { " + shown + " ; " + shown + " } for the line alone"
                            : "name a line, com.acme.Bank:42");
            return;
        }
        List<String> near = Spelling.near(name.text(), (regionWanted ? regions : events).keySet().stream());
        used.addAll(near); // meant, most likely
        diagnostics.report(
                DiagnosticCode.UNKNOWN_NAME,
                name.span(),
                (regionWanted ? "no region " : "no event ") + shown + " is declared",
                near.isEmpty()
                        ? regionWanted
                                ? "declare it: region " + shown + " = com.acme.Bank#transfer"
                                : "declare it: event " + shown + " = com.acme.Bank:42"
                        : "did you mean " + String.join(" or ", near.stream().map(Printable::of).toList()) + "?");
    }

    /** Regions, without names, that are part of no constraint that is well formed. Those that none uses are remarked on. */
    List<Region> otherRegions() {
        List<Region> unused = new ArrayList<>(orphans);
        for (Statement.RegionDeclaration declaration : regions.values()) {
            if (!used.contains(declaration.name().text())) {
                neverUsed("region", declaration.name());
                region(declaration.region()).ifPresent(unused::add);
            }
        }
        return unused;
    }

    /** Events, without names, that nothing uses; each is remarked on. */
    List<Event> unusedEvents() {
        List<Event> unused = new ArrayList<>();
        for (Statement.EventDeclaration declaration : events.values()) {
            if (!used.contains(declaration.name().text())) {
                neverUsed("event", declaration.name());
                event(declaration.event()).ifPresent(unused::add);
            }
        }
        return unused;
    }

    private void neverUsed(String what, Name name) {
        diagnostics.report(
                DiagnosticCode.NEVER_USED, name.span(), "the " + what + " " + Printable.of(name.text()) + " is declared and never used",
                        "use or remove it");
    }

    /** The member with its class's full name. */
    Member member(Member member) {
        return new Member(type(member.type()), member.name(), member.parameters(), member.span());
    }

    private Location location(Location location) {
        if (location instanceof Location.OfType l) {
            return new Location.OfType(type(l.type()), l.line(), l.span());
        } else if (location instanceof Location.OfMember l) {
            return new Location.OfMember(member(l.member()), l.line(), l.span());
        } else if (location instanceof Location.OfFrame l) {
            // a frame names its class in full, so an alias that looks like it is not meant
            return new Location.OfMember(new Member(l.type(), l.method(), null, l.span()), l.line(), l.span());
        }
        return location;
    }

    private Key key(Key key) {
        if (key.base() instanceof Key.Base.Outer outer) {
            return new Key(new Key.Base.Outer(type(outer.type())), key.path(), key.span());
        } else if (key.base() instanceof Key.Base.ClassLiteral literal) {
            return new Key(new Key.Base.ClassLiteral(type(literal.type())), key.path(), key.span());
        }
        return key;
    }

    /** The class of a name that may start with an alias. */
    TypeName type(TypeName type) {
        String head = type.head();
        String rest = type.text().substring(head.length());
        int dollar = head.indexOf('$', 1);
        TypeName full = aliases.get(head);
        if (full == null && dollar > 0 && aliases.containsKey(head.substring(0, dollar))) {
            full = aliases.get(head.substring(0, dollar));
            rest = head.substring(dollar) + rest;
        }
        return full == null ? type : new TypeName(full.text() + rest, type.span());
    }
}
