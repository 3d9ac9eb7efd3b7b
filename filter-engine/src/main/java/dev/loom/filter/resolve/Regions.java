package dev.loom.filter.resolve;

import dev.loom.filter.classes.HookDependencies;
import dev.loom.filter.diagnostic.DiagnosticCode;
import dev.loom.filter.diagnostic.Span;
import dev.loom.filter.syntax.Event;
import dev.loom.filter.syntax.Location;
import dev.loom.filter.syntax.Region;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.ClassNode;

/** Finds the method bodies that a region or event lies in. */
final class Regions {

    /** Code that hooks run, so that a hook in it would call itself. */
    private static final List<String> NOT_FILTERABLE =
            List.of("dev/loom/bootstrap/", "dev/loom/launcher/", "dev/loom/agent/", "dev/loom/filter/");

    /** Bodies that are offered to choose from. */
    private static final int MAX_OFFERED = 10;

    private final ResolutionContext context;
    private final Members members;
    private final Locations locations;

    Regions(ResolutionContext context) {
        this.context = context;
        this.members = new Members(context);
        this.locations = new Locations(context, members);
    }

    Members members() {
        return members;
    }

    /** A region without names, one result a method body; empty if it has none, which has been reported or is waited for. */
    List<ResolvedRegion> find(Region region) {
        List<ResolvedRegion> found;
        if (region instanceof Region.Call call) {
            found = call(call);
        } else if (region instanceof Region.Line line) {
            found = body(List.of(line.location())).stream().map(b -> lines(b, List.of(line.location()), List.of(line.location()),
                    line)).toList();
        } else {
            Region.Lines lines = (Region.Lines) region;
            List<Location> entries = locationsOf(lines.entries());
            List<Location> exits = locationsOf(lines.exits());
            List<Location> all = new ArrayList<>(entries);
            all.addAll(exits);
            found = body(all).stream().map(b -> lines(b, entries, exits, lines)).toList();
        }
        return found.stream().filter(r -> isFilterable(r.body(), region.span())).toList();
    }

    /** The body that an event lies in. */
    Optional<Body> find(Location location) {
        return body(List.of(location)).filter(b -> isFilterable(b, location.span()));
    }

    private List<ResolvedRegion> call(Region.Call call) {
        Optional<ClassNode> owner = context.type(call.member().type());
        if (owner.isEmpty()) {
            return List.of();
        }
        List<Body> all = members.find(owner.get(), call.member());
        List<ResolvedRegion> regions = new ArrayList<>();
        List<Body> empty = new ArrayList<>();
        for (Body body : all) {
            if (body.has(Opcodes.ACC_ABSTRACT | Opcodes.ACC_NATIVE)) {
                empty.add(body);
            } else {
                regions.add(new ResolvedRegion(body, new TreeSet<>(), new TreeSet<>(), call));
            }
        }
        for (Body body : empty) {
            boolean isNative = body.has(Opcodes.ACC_NATIVE);
            boolean others = !isNative && !regions.isEmpty();
            context.report(
                    others ? DiagnosticCode.ABSTRACT_OVERLOAD : DiagnosticCode.NO_BODY,
                    call.span(),
                    body.shown() + (isNative ? " is native" : " is abstract") + ": it has no bytecode that could be filtered"
                            + (others ? ", and is left out" : ""),
                    isNative ? "name the lines or methods that call it" : "name the method in the classes that implement it");
        }
        return regions;
    }

    /** The one body that all the locations lie in. */
    private Optional<Body> body(List<Location> all) {
        List<List<Body>> candidates = all.stream().map(locations::find).toList();
        if (candidates.stream().anyMatch(List::isEmpty)) {
            return Optional.empty();
        }
        Set<Body> common = new LinkedHashSet<>(candidates.get(0));
        candidates.forEach(common::retainAll);
        if (common.size() == 1) {
            return Optional.of(common.iterator().next());
        }
        if (common.isEmpty()) {
            severalBodies(all, candidates);
        } else {
            ambiguous(all.get(0), List.copyOf(common));
        }
        return Optional.empty();
    }

    private void ambiguous(Location location, List<Body> bodies) {
        boolean sameName = bodies.stream().map(Body::shownName).distinct().count() < bodies.size();
        List<String> names = bodies.stream().map(sameName ? Body::shown : Body::shownName).toList();
        context.report(
                DiagnosticCode.AMBIGUOUS_LINE,
                location.span(),
                "line " + location.line() + " belongs to " + names.size() + " method bodies: " + Names.list(names, 10),
                "pick one: " + names.stream().limit(MAX_OFFERED).map(n -> n + ":" + location.line()).collect(Collectors.joining(" or ")));
    }

    private void severalBodies(List<Location> all, List<List<Body>> candidates) {
        Set<String> shown = new LinkedHashSet<>();
        for (int i = 0; i < all.size(); i++) {
            shown.add("line " + all.get(i).line() + " in " + candidates.get(i).get(0).shownName());
        }
        Set<Body> bodies = new LinkedHashSet<>();
        candidates.forEach(c -> bodies.add(c.get(0)));
        List<String> callers = CommonCallers.of(context.classes(), bodies).stream().map(Body::shown).toList();
        Span span = all.get(0).span();
        for (Location location : all) {
            span = span.to(location.span());
        }
        context.report(
                DiagnosticCode.SEVERAL_BODIES,
                span,
                "the lines of a region must lie in one method: " + Names.list(List.copyOf(shown), 6),
                callers.isEmpty()
                        ? "name the method that calls them all, as a region of its own"
                        : "a region of " + String.join(" or ", callers) + " covers them all");
    }

    private boolean isFilterable(Body body, Span span) {
        String owner = body.owner().name;
        if (NOT_FILTERABLE.stream().anyMatch(owner::startsWith) || HookDependencies.contains(owner)) {
            context.report(
                    DiagnosticCode.NOT_FILTERABLE,
                    span,
                    Names.shown(owner) + " cannot be filtered: Loom's own hooks run this code",
                    "name the code that calls it");
            return false;
        }
        return true;
    }

    private static ResolvedRegion lines(Body body, List<Location> entries, List<Location> exits, Region source) {
        return new ResolvedRegion(body, linesOf(entries), linesOf(exits), source);
    }

    private static SortedSet<Integer> linesOf(List<Location> locations) {
        SortedSet<Integer> lines = new TreeSet<>();
        locations.forEach(l -> lines.add(l.line()));
        return lines;
    }

    private static List<Location> locationsOf(List<Event> events) {
        return events.stream().map(e -> ((Event.Target.At) e.target()).location()).toList();
    }
}
