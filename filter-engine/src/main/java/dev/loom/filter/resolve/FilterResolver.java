package dev.loom.filter.resolve;

import dev.loom.filter.diagnostic.DiagnosticCode;
import dev.loom.filter.diagnostic.Diagnostics;
import dev.loom.filter.diagnostic.Span;
import dev.loom.filter.plan.ConstraintPlan;
import dev.loom.filter.plan.EventPlan;
import dev.loom.filter.plan.KeyPlan;
import dev.loom.filter.plan.MethodId;
import dev.loom.filter.plan.MethodPlan;
import dev.loom.filter.plan.RegionPlan;
import dev.loom.filter.plan.WeavingPlan;
import dev.loom.filter.syntax.Event;
import dev.loom.filter.syntax.FilterTree;
import dev.loom.filter.syntax.Key;
import dev.loom.filter.syntax.Location;
import dev.loom.filter.syntax.Region;
import dev.loom.filter.syntax.Side;
import dev.loom.filter.syntax.SourceText;
import dev.loom.filter.syntax.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Resolves the syntax tree of a filter against classes. */
public final class FilterResolver {

    /** Bound of a wait of an order constraint that does not say one. */
    private static final Duration WITHIN = Duration.ofSeconds(10);

    private final String name;
    private final FilterTree file;
    private final Diagnostics diagnostics;
    private final Expander expander;
    private final ResolutionContext context;
    private final Regions regions;
    private final Keys keys;
    private final List<ConstraintPlan> constraints = new ArrayList<>();
    private final List<ResolvedConstraint> resolved = new ArrayList<>();
    private final Map<MethodId, Draft> drafts = new TreeMap<>();
    private int regionCount;

    private FilterResolver(String name, FilterTree file, ClassTable classes, Diagnostics diagnostics) {
        this.name = name;
        this.file = file;
        this.diagnostics = diagnostics;
        this.expander = new Expander(file, diagnostics);
        this.context = new ResolutionContext(classes, expander, diagnostics);
        this.regions = new Regions(context);
        this.keys = new Keys(context);
    }

    /** What one method body is asked for, while it is collected. */
    private record Draft(String digest, List<RegionPlan> regions, List<EventPlan> events) {}

    /** Resolves all that the file holds and reports what is wrong with it. */
    public static Resolution resolve(String name, FilterTree file, ClassTable classes, Diagnostics diagnostics) {
        return new FilterResolver(name, file, classes, diagnostics).run();
    }

    private Resolution run() {
        List<Statement.Pin> pins = new ArrayList<>();
        for (Statement statement : file.statements()) {
            if (statement instanceof Statement.Constraint constraint) {
                constraint(constraint);
            } else if (statement instanceof Statement.Pin pin) {
                pins.add(pin);
            }
        }
        unused();
        Map<MethodId, String> digests = new TreeMap<>();
        drafts.forEach((method, draft) -> digests.put(method, draft.digest()));
        new PinChecker(context, regions.members(), expander).check(pins, digests,
                file.name() == null ? Span.START : file.nameSpan());
        List<MethodPlan> methods = new ArrayList<>();
        drafts.forEach((method, draft) -> methods.add(new MethodPlan(method, draft.digest(), draft.regions(), draft.events())));
        WeavingPlan plan = new WeavingPlan(name, constraints, methods, context.waitingFor());
        return new Resolution(plan, context.named(), resolved);
    }

    private void constraint(Statement.Constraint written) {
        Optional<Statement.Constraint> expanded = expander.expand(written);
        if (expanded.isEmpty()) {
            return;
        }
        Statement.Constraint constraint = expanded.get();
        int index = constraints.size();
        String text = SourceText.of(constraint);
        boolean observe = constraint.observe();
        if (constraint instanceof Statement.Exclusion e) {
            boolean keyed = e.sides().get(0).region().key() != null;
            List<Boolean> shared = e.sides().stream().map(Side::shared).toList();
            exclusion(new ConstraintPlan.Exclusion(index, observe, text, keyed, shared), e.sides(), e.span());
        } else if (constraint instanceof Statement.Atomic a) {
            List<Side> sides = List.of(new Side(false, a.region(), a.region().span()));
            exclusion(new ConstraintPlan.Exclusion(index, observe, text, a.region().key() != null, List.of(false)), sides,
                    a.span());
        } else if (constraint instanceof Statement.Unilateral u) {
            if (!observe) {
                diagnostics.report(
                        DiagnosticCode.STOPS_ALL, u.span(),
                        "each entry of this region stops all other threads of the " + (u.scope().isEmpty() ? "application" : "scope"),
                        "use it for regions that are entered rarely and left soon; where it serves, name the regions that must not run"
                                + " meanwhile: a <> b");
            }
            ConstraintPlan plan = new ConstraintPlan.Unilateral(index, observe, text, u.scope());
            constraints.add(plan);
            List<Side> sides = List.of(new Side(false, u.region(), u.region().span()));
            resolved.add(new ResolvedConstraint(plan, sides(plan, sides).regions(), u.span()));
        } else {
            order((Statement.Order) constraint, index, text);
        }
    }

    private void exclusion(ConstraintPlan.Exclusion plan, List<Side> sides, Span span) {
        constraints.add(plan);
        Sides found = sides(plan, sides);
        resolved.add(new ResolvedConstraint(plan, found.regions(), span));
        checkComparable(sides.stream().map(s -> s.region().key()).toList(), found.types());
    }

    /** What was found for the sides of a constraint; for each side a list, which is empty where nothing was found. */
    private record Sides(List<List<ResolvedRegion>> regions, List<List<KeyType>> types) {}

    private Sides sides(ConstraintPlan constraint, List<Side> sides) {
        Sides all = new Sides(new ArrayList<>(), new ArrayList<>());
        for (int side = 0; side < sides.size(); side++) {
            Region region = sides.get(side).region();
            List<ResolvedRegion> found = new ArrayList<>();
            List<KeyType> types = new ArrayList<>();
            for (ResolvedRegion one : regions.find(region)) {
                Optional<Keys.Resolved> key = Optional.empty();
                if (region.key() != null) {
                    key = keys.resolve(region.key(), one.body(), one.entries());
                    if (key.isEmpty()) {
                        continue;
                    }
                    types.add(key.get().type());
                }
                found.add(one);
                KeyPlan keyPlan = key.map(Keys.Resolved::plan).orElse(null);
                draft(one.body()).regions().add(new RegionPlan(
                        regionCount++, constraint.index(), side, sides.get(side).shared(), one.entries(), one.exits(), keyPlan,
                                one.location()));
            }
            all.regions().add(found);
            all.types().add(types);
        }
        return all;
    }

    private void order(Statement.Order order, int index, String text) {
        boolean keyed = order.events().get(0).key() != null;
        Duration within = order.within() == null ? WITHIN : order.within();
        ConstraintPlan plan =
                new ConstraintPlan.Order(index, order.observe(), text, keyed, order.events().size(), order.each(), within);
        constraints.add(plan);
        List<List<KeyType>> types = new ArrayList<>();
        List<ResolvedEvent> events = new ArrayList<>();
        for (int position = 0; position < order.events().size(); position++) {
            types.add(event(order.events().get(position), index, position, events));
        }
        resolved.add(new ResolvedConstraint(plan, List.of(), events, order.span()));
        checkComparable(order.events().stream().map(Event::key).toList(), types);
    }

    private List<KeyType> event(Event event, int index, int position, List<ResolvedEvent> events) {
        Location location = ((Event.Target.At) event.target()).location();
        Optional<Body> body = regions.find(location);
        if (body.isEmpty()) {
            return List.of();
        }
        TreeSet<Integer> lines = new TreeSet<>(List.of(location.line()));
        Optional<Keys.Resolved> key = Optional.empty();
        if (event.key() != null) {
            key = keys.resolve(event.key(), body.get(), lines);
            if (key.isEmpty()) {
                return List.of();
            }
        }
        long count = 1;
        KeyPlan countKey = null;
        if (event.count() instanceof Event.Count.Times times) {
            count = times.number();
        } else if (event.count() instanceof Event.Count.Value value) {
            Optional<Keys.Resolved> counted = keys.resolve(value.key(), body.get(), lines);
            if (counted.isEmpty() || !isCount(counted.get(), value.key())) {
                return List.of();
            }
            countKey = counted.get().plan();
        }
        String shown = body.get().shownName() + ":" + location.line();
        KeyPlan keyPlan = key.map(Keys.Resolved::plan).orElse(null);
        draft(body.get()).events().add(new EventPlan(index, position, location.line(), count, keyPlan, shown, countKey));
        events.add(new ResolvedEvent(body.get(), location.line(), position, event.span()));
        return key.map(k -> List.of(k.type())).orElse(List.of());
    }

    private boolean isCount(Keys.Resolved counted, Key key) {
        boolean integral = counted.type().canEqual(KeyType.ofLiteral(1L), context.classes());
        if (!integral) {
            diagnostics.report(DiagnosticCode.BAD_NUMBER, key.span(),
                    SourceText.of(key) + " is not a whole number, so it cannot be a count", "");
        }
        return integral;
    }

    private void checkComparable(List<@Nullable Key> written, List<List<KeyType>> types) {
        for (int i = 0; i < types.size(); i++) {
            for (int j = i + 1; j < types.size(); j++) {
                List<KeyType> left = types.get(i);
                List<KeyType> right = types.get(j);
                boolean known = !left.isEmpty() && !right.isEmpty();
                if (known && left.stream().noneMatch(l -> right.stream().anyMatch(r -> l.canEqual(r, context.classes())))) {
                    Key first = Objects.requireNonNull(written.get(i));
                    Key second = Objects.requireNonNull(written.get(j));
                    diagnostics.report(
                            DiagnosticCode.KEYS_NEVER_EQUAL,
                            second.span(),
                            "the keys " + SourceText.of(first) + " (" + left.get(0).shown() + ") and " + SourceText.of(second)
                                    + " ("
                                    + right.get(0).shown()
                                            + ") can never be equal, so these regions would never exclude each other",
                            "name the same object on both sides, for example Outer.this in an inner class");
                    return;
                }
            }
        }
    }

    /** Checks also what no constraint uses, so that all errors come in one run. */
    private void unused() {
        TreeSet<String> waitingFor = new TreeSet<>(context.waitingFor());
        expander.otherRegions().forEach(regions::find);
        expander.unusedEvents().forEach(e -> regions.find(((Event.Target.At) e.target()).location()));
        context.waitingFor().retainAll(waitingFor); // nothing that matters waits for these
    }

    private Draft draft(Body body) {
        return drafts.computeIfAbsent(body.id(),
                k -> new Draft(BodyDigest.of(body.method()), new ArrayList<>(), new ArrayList<>()));
    }
}
