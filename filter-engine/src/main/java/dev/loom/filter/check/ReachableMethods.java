package dev.loom.filter.check;

import dev.loom.filter.resolve.Body;
import dev.loom.filter.resolve.ClassTable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.LineNumberNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TypeInsnNode;

/**
 * Which methods a region can call, at once or through others, as far as the class files say: a call counts for the method that
 * its class declares or inherits, and for the lambda or new object that it passes to a method of the JDK that runs it at once. Overriding methods are not searched for, so what is found is real and what is not found may
 * still be.
 */
final class ReachableMethods {

    /** Methods looked at from one region. */
    private static final int MAX_METHODS = 400;

    /** Calls from the region to the farthest method looked at. */
    private static final int MAX_DEPTH = 8;

    /** Methods of the JDK that run what is passed to them before they return. */
    private static final Set<String> CALLING_BACK = Set.of(
            "doPrivileged", "doAs", "callAs", "forEach", "forEachOrdered", "computeIfAbsent", "computeIfPresent", "compute", "merge", "ifPresent",
            "ifPresentOrElse", "orElseGet", "map", "flatMap", "filter", "anyMatch", "allMatch", "noneMatch", "removeIf", "replaceAll", "sort",
            "updateAndGet", "getAndUpdate", "accumulateAndGet");

    private static final Set<String> CALLED_BACK = Set.of("run", "call", "accept", "apply", "get", "test", "compare");

    private final ClassTable classes;
    private final Map<RegionView, List<Step>> known = new IdentityHashMap<>();
    private final Map<MethodNode, List<Call>> calls = new IdentityHashMap<>();
    private final Map<String, Optional<Body>> targets = new HashMap<>();

    ReachableMethods(ClassTable classes) {
        this.classes = classes;
    }

    /** A call in a body. */
    private record Call(int index, int line, Body target) {}

    /**
     * A method that can be reached.
     *
     * @param line of the call, in the body of {@code from}
     * @param from null where the region itself calls
     */
    record Step(Body body, int line, @Nullable Step from, int depth) {

        /** {@code Worker#run:226, Appender#append:84}: the calls on the way. */
        String path(RegionView region) {
            return path(region.body());
        }

        /** The same, from any body. */
        String path(Body start) {
            List<String> calls = new ArrayList<>();
            for (Step at = this; at != null; at = at.from()) {
                Body caller = at.from() == null ? start : at.from().body();
                calls.add(0, shortName(caller) + (at.line() > 0 ? ":" + at.line() : ""));
            }
            return String.join(", ", calls);
        }

        private static String shortName(Body body) {
            String name = body.shownName();
            return name.substring(name.lastIndexOf('.', name.indexOf('#')) + 1);
        }
    }

    /** All methods that the region's inside can call, nearest first. */
    List<Step> from(RegionView region) {
        return known.computeIfAbsent(region, this::search);
    }

    private List<Step> search(RegionView region) {
        return from(region.code().method(), region.interior().interior());
    }

    /** All methods that some instructions of a body can call, nearest first; {@code within} is by index in the body. */
    List<Step> from(MethodNode method, BitSet within) {
        List<Step> steps = new ArrayList<>();
        Set<Body> seen = new HashSet<>();
        Deque<Step> open = new ArrayDeque<>();
        for (Call call : calls(method)) {
            if (within.get(call.index())) {
                add(new Step(call.target(), call.line(), null, 1), seen, open);
            }
        }
        while (!open.isEmpty() && steps.size() < MAX_METHODS) {
            Step step = open.remove();
            steps.add(step);
            if (step.depth() < MAX_DEPTH) {
                for (Call call : calls(step.body().method())) {
                    add(new Step(call.target(), call.line(), step, step.depth() + 1), seen, open);
                }
            }
        }
        return steps;
    }

    private static void add(Step step, Set<Body> seen, Deque<Step> open) {
        if (seen.add(step.body())) {
            open.add(step);
        }
    }

    private List<Call> calls(MethodNode method) {
        List<Call> found = calls.get(method);
        if (found == null) {
            found = new ArrayList<>();
            int line = 0;
            int index = 0;
            AbstractInsnNode passed = null;
            for (AbstractInsnNode node : method.instructions) {
                if (node instanceof LineNumberNode number) {
                    line = number.line;
                } else if (node instanceof InvokeDynamicInsnNode || node.getOpcode() == Opcodes.NEW) {
                    passed = node;
                } else if (node instanceof MethodInsnNode call && !call.owner.startsWith("[")) {
                    boolean isJdk = call.owner.startsWith("java/");
                    Optional<Body> target = !isJdk ? target(call)
                            : passed != null && CALLING_BACK.contains(call.name) ? calledBack(passed) : Optional.empty();
                    if (target.isPresent()) {
                        found.add(new Call(index, line, target.get()));
                    }
                }
                index++;
            }
            calls.put(method, found);
        }
        return found;
    }

    /** What the JDK runs of a lambda or a new object that is passed to it. */
    private Optional<Body> calledBack(AbstractInsnNode passed) {
        if (passed instanceof InvokeDynamicInsnNode lambda) {
            return lambda.bsmArgs.length > 1 && lambda.bsmArgs[1] instanceof Handle handle && !handle.getOwner().startsWith("java/")
                    ? target(new MethodInsnNode(Opcodes.INVOKESTATIC, handle.getOwner(), handle.getName(), handle.getDesc(), false))
                    : Optional.empty();
        }
        String made = ((TypeInsnNode) passed).desc;
        Optional<ClassNode> node = made.startsWith("java/") ? Optional.empty() : classes.find(made);
        return node.flatMap(n -> n.methods.stream()
                .filter(m -> CALLED_BACK.contains(m.name) && (m.access & Opcodes.ACC_SYNTHETIC) == 0 && m.instructions.size() > 0)
                .findFirst().map(m -> new Body(n, m)));
    }

    private Optional<Body> target(MethodInsnNode call) {
        String key = call.owner + '.' + call.name + call.desc;
        Optional<Body> target = targets.get(key);
        if (target == null) {
            target = search(call);
            targets.put(key, target);
        }
        return target;
    }

    private Optional<Body> search(MethodInsnNode call) {
        String owner = call.owner;
        for (int depth = 0; depth < 50 && owner != null; depth++) {
            Optional<ClassNode> node = classes.find(owner);
            if (node.isEmpty()) {
                return Optional.empty();
            }
            for (MethodNode method : node.get().methods) {
                if (method.name.equals(call.name) && method.desc.equals(call.desc)) {
                    return method.instructions.size() == 0 ? Optional.empty() : Optional.of(new Body(node.get(), method));
                }
            }
            owner = node.get().superName;
        }
        return Optional.empty();
    }
}
