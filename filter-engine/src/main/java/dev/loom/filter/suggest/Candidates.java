package dev.loom.filter.suggest;

import dev.loom.filter.classes.ClassSource;
import dev.loom.filter.classes.JdkClasses;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.tree.ClassNode;

/**
 * Proposes filters for what some stacks have in common, the one first that most likely excludes what raced: of an object that both use, the
 * methods by which they come to it; of a deadlock, what lies outside all its locks.
 */
public final class Candidates {

    /** Codes of remarks for which a filter is not proposed first: locks in opposite orders, also with the initialization of a class; a constructor
     * that excludes nothing. */
    public static final Set<String> HARMFUL = Set.of("LOOM-075", "LOOM-076", "LOOM-082", "LOOM-083");

    /** Objects further out that are tried. */
    private static final int FURTHER = 3;

    private final FrameMethods bodies;
    private final SharedState state;
    /** By text: two reasons for the same filter are one. */
    private final Map<String, Candidate> found = new LinkedHashMap<>();
    private final String about;

    private Candidates(FrameMethods bodies, String about) {
        this.bodies = bodies;
        this.state = new SharedState(bodies);
        this.about = about;
    }

    /**
     * Proposes filters, the best first.
     *
     * @param traces one or more; of a deadlock, the threads in it
     * @param classes those of the application
     * @return empty if no filter can be made of these classes
     */
    public static List<Candidate> of(List<StackTrace> traces, ClassSource classes) {
        FrameMethods bodies = new FrameMethods(classes);
        boolean isDeadlock = traces.stream().anyMatch(StackTrace::isDeadlocked);
        List<StackTrace> used = new ArrayList<>();
        List<List<Place>> stacks = new ArrayList<>();
        for (StackTrace trace : traces) {
            List<Place> places = bodies.places(trace);
            if (!places.isEmpty() || isDeadlock) {
                used.add(trace);
                stacks.add(places);
            }
        }
        Candidates candidates = new Candidates(bodies, about(used));
        if (isDeadlock) {
            candidates.deadlock(used, stacks);
        } else if (!used.isEmpty()) {
            if (used.stream().noneMatch(StackTrace::isThread)) {
                candidates.victims(stacks.stream().map(Candidates::usable).filter(s -> !s.isEmpty()).toList());
            }
            candidates.race(stacks, used.get(0).name());
        }
        return List.copyOf(candidates.found.values());
    }

    static String about(List<StackTrace> traces) {
        return "Suggested for " + traces.stream().map(StackTrace::name).filter(n -> !n.isEmpty()).distinct().limit(4)
                .map(n -> n.replaceAll("[^ -~]", "?").replace("\"", "'").replace("\\", "/")).collect(Collectors.joining(" and "));
    }

    /** Whether a class is one of those given, and not the JDK's. */
    public static boolean isApplication(String type, ClassSource classes) {
        String internal = type.replace('.', '/');
        return !JdkClasses.isJdk(internal) && classes.names().contains(internal);
    }

    /** Exceptions of one method, which several others call: all of them are one side, and whoever changes what it works on is the other. */
    private void victims(List<List<Place>> stacks) {
        if (stacks.size() < 2 || stacks.stream().anyMatch(s -> !s.get(0).isSame(stacks.get(0).get(0)))) {
            return;
        }
        Place inner = stacks.get(0).get(0);
        Set<SharedState.Field> fields = state.fields(inner, inner.line());
        List<Place> writers = state.changes(inner.method(), fields) ? List.of() : state.writers(inner.owner(), fields);
        if (!writers.isEmpty()) {
            List<Place> others = new ArrayList<>(stacks.stream().skip(1).map(s -> entry(s, 0)).toList());
            others.addAll(writers);
            sides(entry(stacks.get(0), 0), others, "the methods that fail, and what changes the fields that they work on",
                    fields.stream().anyMatch(SharedState.Field::isStatic));
        }
    }

    /** Without what makes objects, which no other thread has yet, and what runs in objects that live for a moment. */
    private static List<Place> usable(List<Place> stack) {
        return stack.stream().filter(p -> !p.isConstruction() && !p.isThrowaway()).toList();
    }

    private void race(List<List<Place>> all, String what) {
        List<List<Place>> stacks = all.stream().map(Candidates::usable).filter(s -> !s.isEmpty()).toList();
        if (stacks.size() == 1) {
            List<Place> stack = stacks.get(0);
            while (stack.size() > 1 && isStateless(stack.get(0), stack.get(1))) {
                stack = stack.subList(1, stack.size());
            }
            int guarded = 0;
            while (guarded + 1 < stack.size() && isGuarded(stack.get(guarded))) {
                guarded++;
            }
            Place innermost = stack.get(0);
            boolean isInner = guarded == 0 && all.stream().anyMatch(s -> s.contains(innermost) && s.subList(0, s.indexOf(innermost)).stream()
                    .noneMatch(p -> p.isConstruction() || p.isThrowaway()));
            if (isInner && what.matches(".*(NullPointerException|IllegalStateException|Uninitialized\\w*)")) {
                unready(stack.get(0));
            }
            alone(stack.subList(guarded, stack.size()), isInner);
        }
        for (int i = 0; i < stacks.size(); i++) {
            for (int j = i + 1; j < stacks.size(); j++) {
                exclude(stacks.get(i), stacks.get(j));
            }
        }
    }

    /**
     * Whether a frame has no state of its own, and its caller may have: it is a listener of the application that a library calls, or works
     * for its caller, in the same object.
     */
    private boolean isStateless(Place inner, Place caller) {
        boolean helps = bodies.isRelated(inner.owner(), caller.owner()) || !root(inner.owner()).equals(root(caller.owner()));
        return helps && state.fields(inner, -1).isEmpty();
    }

    /** Whether all that works on the fields of a method holds the monitor that it holds: then the race is between its calls. */
    private boolean isGuarded(Place place) {
        Set<SharedState.Field> fields = state.fields(place, -1);
        return place.isSynchronized() && state.methods(place.owner(), fields).stream().allMatch(Place::isSynchronized);
    }

    /** What is used before another method has set it: in this order. */
    private void unready(Place reader) {
        Set<SharedState.Field> fields = state.fields(reader, reader.line());
        if (fields.size() != 1 || fields.iterator().next().isStatic() || reader.isStatic()) {
            return;
        }
        List<Place> setters = state.setters(reader.owner(), fields.iterator().next());
        int line = state.firstUse(reader, fields.iterator().next());
        if (setters.size() == 1 && !setters.get(0).isSame(reader) && line > 0) {
            Place setter = setters.get(0);
            add("one sets what the other uses: in this order",
                    setter.member() + ":" + setter.line() + " by this > " + reader.member() + ":" + line + " by this within 5s");
        }
    }

    // ---- deadlocks ---------------------------------------------------------------------------------------------------------

    private void deadlock(List<StackTrace> traces, List<List<Place>> stacks) {
        List<List<Place>> gates = Gates.of(traces, stacks);
        for (int i = 0; i < gates.size(); i++) {
            String why = i == 0 ? "a gate in front of the first lock of each thread"
                    : i == gates.size() - 1 ? "a gate around the whole of each thread's work" : "a gate " + calls(i) + " further out";
            add(why, gateOf(gates.get(i)));
        }
    }

    private static String calls(int number) {
        return number == 1 ? "one call" : number + " calls";
    }

    private static String gateOf(List<Place> places) {
        List<String> members = places.stream().map(Place::member).distinct().toList();
        return members.size() == 1 ? "atomic " + members.get(0) : String.join(" <> ", members);
    }

    // ---- races -------------------------------------------------------------------------------------------------------------

    /** Two threads that must not meet. */
    private void exclude(List<Place> one, List<Place> other) {
        int[] common = commonClass(one, other);
        if (common != null) {
            Place inner = one.get(common[0]);
            Place innerOther = other.get(common[1]);
            Place outer = entry(one, common[0]);
            Place outerOther = entry(other, common[1]);
            order(inner, innerOther);
            boolean isStatic = sharesStatics(inner, innerOther);
            pair(outer, outerOther, "the methods by which both come to the object that they share", isStatic);
            lines(inner, innerOther, "the lines of the innermost frames of one class in both stacks");
            pair(inner, innerOther, "the innermost frames of one class in both stacks", isStatic);
            users(inner, innerOther, outer, isStatic);
            further(one, common[0], other, common[1]);
        }
        Place same = one.stream().filter(p -> other.stream().anyMatch(p::isSame)).findFirst().orElse(null);
        if (same != null) {
            pair(same, same, "the innermost method in both stacks", false);
        }
        if (common == null) {
            pair(entry(one, 0), entry(other, 0), "the methods by which each comes to its innermost class", false);
            pair(one.get(0), other.get(0), "the innermost application frames", false);
        }
        pair(one.get(Math.min(1, one.size() - 1)), other.get(Math.min(1, other.size() - 1)), "their callers", false);
    }

    /** Whoever uses what both were seen to use, also where nobody was seen. */
    private void users(Place one, Place other, Place entry, boolean isStatic) {
        Set<SharedState.Field> fields = new LinkedHashSet<>(state.fields(one, one.line()));
        fields.retainAll(state.fields(other, other.line()));
        List<Place> users = fields.isEmpty() ? List.of() : state.users(one.owner(), fields);
        if (users.size() > 1) {
            sides(entry, users, "whatever works on the same fields", isStatic);
        }
    }

    /** Objects of the same library that both share further out: what they do there may belong together. */
    private void further(List<Place> one, int at, List<Place> other, int otherAt) {
        String root = root(one.get(at).owner());
        int from = at;
        int otherFrom = otherAt;
        for (int level = 0; level < FURTHER; level++) {
            from = one.indexOf(entry(one, from)) + 1;
            otherFrom = other.indexOf(entry(other, otherFrom)) + 1;
            int[] common = commonClass(one.subList(from, one.size()), other.subList(otherFrom, other.size()));
            if (common == null) {
                return;
            }
            from += common[0];
            otherFrom += common[1];
            Place outer = entry(one, from);
            Place outerOther = entry(other, otherFrom);
            if (!root(outer.owner()).equals(root) || outer.isLoop() || outerOther.isLoop()) {
                return;
            }
            pair(outer, outerOther, "the methods of the next object that they share, further out", false);
        }
    }

    /** One thread's trace: its other side is whoever changes what it works on, or the same code in another thread. */
    private void alone(List<Place> stack, boolean isInner) {
        Place library = libraryEntry(stack);
        if (!isInner) {
            // what raced was in an object that nobody else has: so they meet farther out
            add("where the thread comes into the library, all objects together", "atomic " + library.member());
        }
        Place inner = stack.get(0);
        Place outer = entry(stack, 0);
        Set<SharedState.Field> fields = state.fields(inner, inner.line());
        boolean isStatic = fields.stream().anyMatch(SharedState.Field::isStatic);
        List<Place> writers = state.changes(inner.method(), fields) ? state.users(inner.owner(), fields) : state.writers(inner.owner(), fields);
        if (!writers.isEmpty()) {
            sides(outer, writers, "what works on the same fields as the innermost frame", isStatic);
            List<Place> simple = writers.stream().filter(state::isSimple).toList();
            if (!simple.isEmpty()) {
                sides(outer, simple, "what works on the same fields as the innermost frame and calls nothing else", isStatic);
            }
        }
        pair(outer, outer, "the method by which the thread comes to the innermost object", isStatic);
        add("where the thread comes into the library, all objects together", "atomic " + library.member());
        pair(inner, inner, "the innermost application frame", isStatic);
        if (stack.size() > 1) {
            pair(stack.get(1), stack.get(1), "its caller", false);
        }
    }

    private void sides(Place entry, List<Place> writers, String why, boolean isStatic) {
        List<Place> all = new ArrayList<>(List.of(entry));
        writers.stream().filter(w -> !w.isSame(entry)).forEach(all::add);
        boolean keyed = !isStatic && all.stream().allMatch(p -> !p.isStatic() && bodies.isRelated(entry.owner(), p.owner()));
        if (keyed) {
            add(why + ", one object at a time", constraint(all.stream().map(p -> p.member() + " by this").toList()));
        }
        add(why + (keyed ? ", all objects together" : ""), constraint(all.stream().map(Place::member).toList()));
    }

    /** Of the frames that follow each other in one class and those related to it, the outermost: there the thread came to the object. */
    private Place entry(List<Place> stack, int from) {
        Place entry = stack.get(from);
        for (int i = from + 1; i < stack.size(); i++) {
            Place next = stack.get(i);
            if (!bodies.isSameOrBelow(next.owner(), entry.owner()) || next.isStatic() != entry.isStatic() || next.isLambda() != entry.isLambda()
                    || next.isLoop()) {
                break;
            }
            entry = next;
        }
        return entry;
    }

    /** The outermost frame in the packages of the innermost one. */
    private static Place libraryEntry(List<Place> stack) {
        String root = root(stack.get(0).owner());
        Place entry = stack.get(0);
        for (Place place : stack) {
            if (!root(place.owner()).equals(root) || place.isLoop()) {
                break;
            }
            // without a line it only passes a call on, as Scala's static methods do to their object
            entry = place.frame().line() < 0 && entry.frame().line() >= 0 ? entry : place;
        }
        return entry;
    }

    /** The first three parts of a package's name. */
    private static String root(ClassNode type) {
        String[] parts = type.name.split("/");
        return String.join("/", List.of(parts).subList(0, Math.min(3, parts.length - 1)));
    }

    private boolean sharesStatics(Place one, Place other) {
        Set<SharedState.Field> fields = new LinkedHashSet<>(state.fields(one, one.line()));
        fields.retainAll(state.fields(other, -1));
        return !fields.isEmpty() && fields.stream().allMatch(SharedState.Field::isStatic);
    }

    private boolean meet(Place one, Place other) {
        return bodies.isRelated(one.owner(), other.owner()) || keys(one, other) != null;
    }

    /** The innermost frames, one of each stack, of the same class or of an inner and its outer one, as places in the stacks. */
    private int @Nullable [] commonClass(List<Place> one, List<Place> other) {
        int[] best = null;
        int least = Integer.MAX_VALUE;
        for (int i = 0; i < one.size(); i++) {
            for (int j = 0; j < other.size(); j++) {
                if (i + j < least && meet(one.get(i), other.get(j))) {
                    least = i + j;
                    best = new int[] {i, j};
                }
            }
        }
        return best;
    }

    /** One side sets a flag by a single step and the other looks at it by one: keeping them apart changes nothing, their order does. */
    private void order(Place one, Place other) {
        Flags.Use first = Flags.of(one);
        Flags.Use second = Flags.of(other);
        if (first == null || second == null || !first.field().equals(second.field()) || first.sets() == second.sets()) {
            return;
        }
        Place setter = first.sets() ? one : other;
        Place reader = first.sets() ? other : one;
        String[] keys = keys(setter, reader);
        String setting = setter.member() + ":" + setter.line() + (keys == null ? "" : " by " + keys[0]);
        String reading = reader.member() + ":" + reader.line() + (keys == null ? "" : " by " + keys[1]);
        add("one sets what the other looks at: in this order", setting + " > " + reading + " within 5s");
    }

    private void pair(Place one, Place other, String why, boolean isStatic) {
        if (one.isConstruction() || other.isConstruction()) {
            return;
        }
        String[] keys = isStatic ? null : keys(one, other);
        if (keys != null) {
            add(why + ", one object at a time", constraint(List.of(one.member() + " by " + keys[0], other.member() + " by " + keys[1])));
        }
        add(why + (keys != null ? ", all objects together" : ""), constraint(List.of(one.member(), other.member())));
    }

    private void lines(Place one, Place other, String why) {
        if (one.line() < 0 || other.line() < 0) {
            return;
        }
        String[] keys = keys(one, other);
        String first = one.member() + ":" + one.line();
        String second = other.member() + ":" + other.line();
        add(why, constraint(keys == null ? List.of(first, second) : List.of(first + " by " + keys[0], second + " by " + keys[1])));
    }

    private static String constraint(List<String> sides) {
        List<String> distinct = sides.stream().distinct().toList();
        return distinct.size() == 1 ? "atomic " + distinct.get(0) : String.join(" <> ", distinct);
    }

    /** Keys under which the two work on the same object: this in both, or this and the enclosing instance. */
    private String @Nullable [] keys(Place one, Place other) {
        return keys(one, other, bodies);
    }

    static String @Nullable [] keys(Place one, Place other, FrameMethods bodies) {
        if (one.isStatic() || other.isStatic()) {
            return null;
        }
        if (bodies.isRelated(one.owner(), other.owner())) {
            return new String[] {"this", "this"};
        }
        if (hasOuter(one, other.owner())) {
            return new String[] {other.type().replace('$', '.') + ".this", "this"};
        }
        if (hasOuter(other, one.owner())) {
            return new String[] {"this", one.type().replace('$', '.') + ".this"};
        }
        return null;
    }

    private static boolean hasOuter(Place inner, ClassNode outer) {
        return inner.owner().fields.stream()
                .anyMatch(f -> f.name.startsWith("this$") && f.desc.equals("L" + outer.name + ";"));
    }

    private void add(String why, String constraint) {
        found.putIfAbsent(constraint, candidate(about, why, constraint));
    }

    static Candidate candidate(String about, String why, String constraint) {
        return new Candidate(why, "filter \"suggested\" {\n    about \"" + about + "\"\n\n    " + constraint + "\n}\n");
    }
}
