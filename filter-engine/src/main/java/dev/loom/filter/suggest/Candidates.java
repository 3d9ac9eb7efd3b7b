package dev.loom.filter.suggest;

import dev.loom.filter.classes.ClassFiles;
import dev.loom.filter.classes.ClassSource;
import dev.loom.filter.classes.JdkClasses;
import dev.loom.filter.suggest.StackTrace.Frame;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.LineNumberNode;
import org.objectweb.asm.tree.MethodNode;

/** Proposes filters for what some stacks have in common. */
public final class Candidates {

    private final ClassSource classes;
    private final Map<String, Optional<ClassNode>> read = new HashMap<>();
    /** By text: two reasons for the same filter are one. */
    private final Map<String, Candidate> found = new LinkedHashMap<>();
    private String about = "";

    private Candidates(ClassSource classes) {
        this.classes = classes;
    }

    /**
     * The method that a frame of the application runs.
     *
     * @param line -1 if not known
     */
    private record Place(ClassNode owner, MethodNode method, int line, boolean overloaded, Frame frame) {

        boolean isStatic() {
            return (method.access & Opcodes.ACC_STATIC) != 0;
        }

        boolean isSynchronized() {
            return (method.access & Opcodes.ACC_SYNCHRONIZED) != 0;
        }

        String type() {
            return owner.name.replace('/', '.');
        }

        String member() {
            String types = overloaded
                    ? Arrays.stream(Type.getArgumentTypes(method.desc)).map(Type::getClassName).collect(Collectors.joining(",", "(", ")"))
                    : "";
            return type() + "#" + method.name + types;
        }

        boolean isSame(Place other) {
            return method == other.method;
        }
    }

    /**
     * Proposes filters, the most specific first.
     *
     * @param traces two or more; of a deadlock, the threads in it
     * @param classes those of the application
     */
    public static List<Candidate> of(List<StackTrace> traces, ClassSource classes) {
        Candidates candidates = new Candidates(classes);
        List<List<Place>> stacks = new ArrayList<>();
        List<String> names = new ArrayList<>();
        for (StackTrace trace : traces) {
            List<Place> places = candidates.places(trace);
            if (!places.isEmpty()) {
                stacks.add(places);
                names.add(trace.name());
            }
        }
        if (stacks.isEmpty()) {
            return List.of();
        }
        candidates.about = "Suggested for " + names.stream().filter(n -> !n.isEmpty()).distinct().limit(4)
                .map(n -> n.replaceAll("[^ -~]", "?").replace("\"", "'").replace("\\", "/")).collect(Collectors.joining(" and "));
        if (traces.stream().anyMatch(StackTrace::isDeadlocked)) {
            candidates.gate(stacks);
        } else if (stacks.size() == 1) {
            candidates.alone(stacks.get(0));
        } else {
            for (int i = 0; i < stacks.size(); i++) {
                for (int j = i + 1; j < stacks.size(); j++) {
                    candidates.exclude(stacks.get(i), stacks.get(j));
                }
            }
        }
        return List.copyOf(candidates.found.values());
    }

    /** Whether a class is one of those given, and not the JDK's. */
    public static boolean isApplication(String type, ClassSource classes) {
        String internal = type.replace('.', '/');
        return !JdkClasses.isJdk(internal) && classes.names().contains(internal);
    }

    private List<Place> places(StackTrace trace) {
        List<Place> places = new ArrayList<>();
        for (Frame frame : trace.frames()) {
            Place place = isApplication(frame.type(), classes) ? place(frame) : null;
            if (place != null) {
                places.add(place);
            }
        }
        return places;
    }

    private @Nullable Place place(Frame frame) {
        Optional<ClassNode> owner = read.computeIfAbsent(frame.type().replace('.', '/'), this::read);
        if (owner.isEmpty() || frame.method().equals("<clinit>")) {
            return null;
        }
        List<MethodNode> named = owner.get().methods.stream()
                .filter(m -> m.name.equals(frame.method()) && m.instructions.size() > 0
                        && ((m.access & Opcodes.ACC_SYNTHETIC) == 0 || m.name.startsWith("lambda$")))
                .toList();
        List<MethodNode> fitting = named.stream().filter(m -> frame.line() < 0 || hasLine(m, frame.line())).toList();
        if (fitting.isEmpty()) {
            // another version than the trace's: the name still says something
            fitting = named;
        }
        return fitting.isEmpty() ? null : new Place(owner.get(), fitting.get(0),
                hasLine(fitting.get(0), frame.line()) ? frame.line() : -1,
                owner.get().methods.stream().filter(m -> m.name.equals(frame.method())).count() > 1, frame);
    }

    private Optional<ClassNode> read(String internalName) {
        try {
            return classes.find(internalName).map(bytes -> {
                ClassFiles.check(bytes);
                ClassNode node = new ClassNode();
                new ClassReader(bytes).accept(node, ClassReader.SKIP_FRAMES);
                return node;
            });
        } catch (RuntimeException | StackOverflowError unreadable) {
            return Optional.empty();
        }
    }

    private static boolean hasLine(MethodNode method, int line) {
        for (AbstractInsnNode node : method.instructions) {
            if (node instanceof LineNumberNode number && number.line == line) {
                return true;
            }
        }
        return false;
    }

    /** Two threads that must not meet. */
    private void exclude(List<Place> one, List<Place> other) {
        Place[] common = commonClass(one, other);
        if (common != null) {
            String where = common[0] == one.get(0) && common[1] == other.get(0)
                    ? "the innermost application frames" : "the innermost frames of one class in both stacks";
            lines(common[0], common[1], "the lines of " + where);
            pair(common[0], common[1], where);
        }
        Place same = commonMethod(one, other);
        if (same != null) {
            pair(same, same, "the innermost method in both stacks");
        }
        pair(one.get(0), other.get(0), "the innermost application frames");
        callers(one, other);
    }

    /** One thread's trace: what it ran must not meet itself. */
    private void alone(List<Place> stack) {
        pair(stack.get(0), stack.get(0), "the innermost application frame");
        if (stack.size() > 1) {
            pair(stack.get(1), stack.get(1), "its caller");
        }
    }

    /** The innermost frames, one of each stack, of the same class. */
    private static Place @Nullable [] commonClass(List<Place> one, List<Place> other) {
        Place[] best = null;
        int least = Integer.MAX_VALUE;
        for (int i = 0; i < one.size(); i++) {
            for (int j = 0; j < other.size(); j++) {
                if (one.get(i).owner() == other.get(j).owner() && i + j < least) {
                    least = i + j;
                    best = new Place[] {one.get(i), other.get(j)};
                }
            }
        }
        return best;
    }

    private static @Nullable Place commonMethod(List<Place> one, List<Place> other) {
        return one.stream().filter(p -> other.stream().anyMatch(p::isSame)).findFirst().orElse(null);
    }

    /** A step further out: where the innermost frames are helpers that much else uses. */
    private void callers(List<Place> one, List<Place> other) {
        Place first = one.get(Math.min(1, one.size() - 1));
        Place second = other.get(Math.min(1, other.size() - 1));
        pair(first, second, "their callers");
    }

    private void pair(Place one, Place other, String why) {
        String[] keys = keys(one, other);
        if (keys != null) {
            add(why + ", one object at a time", constraint(one.member() + " by " + keys[0], other.member() + " by " + keys[1]));
        }
        add(why + (keys != null ? ", all objects together" : ""), constraint(one.member(), other.member()));
    }

    private void lines(Place one, Place other, String why) {
        if (one.line() < 0 || other.line() < 0) {
            return;
        }
        String[] keys = keys(one, other);
        String first = one.member() + ":" + one.line();
        String second = other.member() + ":" + other.line();
        add(why, keys == null ? constraint(first, second) : constraint(first + " by " + keys[0], second + " by " + keys[1]));
    }

    private static String constraint(String one, String other) {
        return one.equals(other) ? "atomic " + one : one + " <> " + other;
    }

    /** Keys under which the two work on the same object: this in both, or this and the enclosing instance. */
    private static String @Nullable [] keys(Place one, Place other) {
        if (one.isStatic() || other.isStatic() || one.method().name.equals("<clinit>")) {
            return null;
        }
        if (one.owner() == other.owner()) {
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

    /**
     * A deadlock: a gate that each thread passes before its first lock, so that only one is behind it. Where a synchronized method
     * takes that lock, its caller is the gate, for the region of such a method begins when the monitor is held.
     */
    private void gate(List<List<Place>> stacks) {
        List<Place> takers = new ArrayList<>();
        List<Place> callers = new ArrayList<>();
        for (List<Place> stack : stacks) {
            int first = 0;
            for (int i = 0; i < stack.size(); i++) {
                if (!stack.get(i).frame().locks().isEmpty()) {
                    first = i; // the outermost that holds something
                }
            }
            while (stack.get(first).isSynchronized() && first + 1 < stack.size()) {
                first++;
            }
            takers.add(stack.get(first));
            callers.add(stack.get(Math.min(first + 1, stack.size() - 1)));
        }
        add("a gate in front of the first lock of each thread", gateOf(takers));
        add("a gate one call further out", gateOf(callers));
        add("a gate around the whole of each thread's work", gateOf(stacks.stream().map(s -> s.get(s.size() - 1)).toList()));
    }

    private static String gateOf(List<Place> places) {
        List<String> members = places.stream().map(Place::member).distinct().toList();
        return members.size() == 1 ? "atomic " + members.get(0) : String.join(" <> ", members);
    }

    private void add(String why, String constraint) {
        found.putIfAbsent(
                constraint, new Candidate(why, "filter \"suggested\" {\n    about \"" + about + "\"\n\n    " + constraint + "\n}\n"));
    }
}
