package dev.loom.filter.check;

import dev.loom.filter.classes.JdkClasses;
import dev.loom.filter.diagnostic.DiagnosticCode;
import dev.loom.filter.plan.ConstraintPlan;
import dev.loom.filter.resolve.Body;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.LineNumberNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TypeInsnNode;

/**
 * Whether the initialization of a class and the lock of a constraint can be taken in opposite orders. The JVM lets one thread initialize a
 * class and keeps all others waiting that need it: a lock that no dump calls one. Two cases are said: a region that can cause the
 * initialization of a class whose initializer can come to a region of the same constraint, and a region of an initializer. That a region
 * initializes some class, or an initializer passes a region, is harmless alone, and said of neither.
 */
final class ClassInitCheck {

    /** Initializers followed from one to the next. */
    private static final int MAX_DEPTH = 3;

    private final ConstraintView all;

    ClassInitCheck(ConstraintView all) {
        this.all = all;
    }

    /**
     * An initializer, and how control comes to it.
     *
     * @param path the calls on the way
     */
    private record Initializer(Body body, String path) {}

    void run() {
        for (int c = 0; c < all.constraints().size(); c++) {
            ConstraintPlan plan = all.constraint(c).plan();
            if (plan.observe() || plan instanceof ConstraintPlan.Order) {
                continue;
            }
            for (int side = 0; side < all.sides(c).size(); side++) {
                for (RegionView region : all.sides(c).get(side)) {
                    check(region, against(c, side));
                }
            }
        }
    }

    /** The regions of a constraint that a thread in one of its sides keeps out. */
    private List<RegionView> against(int constraint, int side) {
        List<RegionView> against = new ArrayList<>();
        for (int other = 0; other < all.sides(constraint).size(); other++) {
            boolean together = all.constraint(constraint).plan() instanceof ConstraintPlan.Exclusion e
                    && e.shared().get(side) && e.shared().get(other);
            if (!together) {
                against.addAll(all.sides(constraint).get(other));
            }
        }
        return against;
    }

    private void check(RegionView region, List<RegionView> against) {
        if (region.body().method().name.equals("<clinit>")) {
            all.out().report(
                    DiagnosticCode.CLASS_INIT, region.span(),
                    "this region is in the initializer of " + shown(region.body().owner()) + ": while a thread waits for it, all others that"
                            + " need the class wait too, and no thread dump shows for what",
                    "name the code that the initializer calls, or that needs the class for the first time");
            return;
        }
        for (Initializer first : caused(region)) {
            String path = path(first, against, new HashSet<>(), 0);
            if (path != null) {
                all.out().report(
                        DiagnosticCode.CLASS_INIT, region.span(),
                        "a thread in this region can initialize " + shown(first.body().owner()) + " (" + first.path()
                                + "), whose initializer can come to " + path + ": with another thread that initializes the class first, each"
                                + " can wait for the other",
                        "let the region end before that or start behind it, or let the program initialize "
                                + shown(first.body().owner()) + " before the filter is enabled");
                return;
            }
        }
    }

    /** The calls from an initializer to one of the regions; null if none is seen. */
    private @Nullable String path(Initializer initializer, List<RegionView> regions, Set<Body> seen, int depth) {
        if (!seen.add(initializer.body())) {
            return null;
        }
        MethodNode method = initializer.body().method();
        BitSet whole = new BitSet();
        whole.set(0, method.instructions.size());
        List<ReachableMethods.Step> steps = all.reach().from(method, whole);
        for (RegionView region : regions) {
            if (region.body().equals(initializer.body())) {
                return region.region().location();
            }
            Optional<ReachableMethods.Step> step = steps.stream().filter(s -> s.body().equals(region.body())).findFirst();
            if (step.isPresent()) {
                return region.region().location() + " (" + step.get().path(initializer.body()) + ")";
            }
        }
        if (depth == MAX_DEPTH) {
            return null;
        }
        Map<Body, Initializer> next = new LinkedHashMap<>();
        causedBy(initializer.body(), whole, null, initializer.body(), next);
        for (ReachableMethods.Step step : steps) {
            causedBy(step.body(), null, step, initializer.body(), next);
        }
        for (Initializer further : next.values()) {
            String path = path(further, regions, seen, depth + 1);
            if (path != null) {
                return path + ", by way of the initializer of " + shown(further.body().owner()) + " (" + further.path() + ")";
            }
        }
        return null;
    }

    /** What a region can initialize, itself or in methods that it calls. */
    private List<Initializer> caused(RegionView region) {
        Map<Body, Initializer> caused = new LinkedHashMap<>();
        if (region.code().method() == region.body().method()) {
            causedBy(region.body(), region.interior().interior(), null, region.body(), caused);
        }
        for (ReachableMethods.Step step : all.reach().from(region)) {
            causedBy(step.body(), null, step, region.body(), caused);
        }
        return List.copyOf(caused.values());
    }

    /**
     * Adds the initializers that the instructions of a body can start.
     *
     * @param within null for all of the body
     * @param step how the body is come to from {@code start}; null if it is that itself
     */
    private void causedBy(Body body, @Nullable BitSet within, ReachableMethods.@Nullable Step step, Body start, Map<Body, Initializer> caused) {
        if (JdkClasses.isJdk(body.owner().name)) {
            return;
        }
        int line = 0;
        int index = 0;
        for (AbstractInsnNode node : body.method().instructions) {
            if (node instanceof LineNumberNode number) {
                line = number.line;
            }
            String type = within == null || within.get(index) ? initialized(node) : null;
            index++;
            if (type == null || type.equals(body.owner().name) || JdkClasses.isJdk(type)) {
                continue;
            }
            String way = step == null ? "" : step.path(start) + ", ";
            String name = shown(body.owner()) + "#" + body.method().name;
            String place = name.substring(name.lastIndexOf('.', name.indexOf('#')) + 1) + (line > 0 ? ":" + line : "");
            for (Body initializer : initializersOf(type, body.owner())) {
                caused.putIfAbsent(initializer, new Initializer(initializer, way + place));
            }
        }
    }

    /** The class that an instruction initializes if nobody has yet; null for none. */
    private static @Nullable String initialized(AbstractInsnNode node) {
        return switch (node.getOpcode()) {
            case Opcodes.NEW -> ((TypeInsnNode) node).desc;
            case Opcodes.GETSTATIC, Opcodes.PUTSTATIC -> ((FieldInsnNode) node).owner;
            case Opcodes.INVOKESTATIC -> ((MethodInsnNode) node).owner;
            default -> null;
        };
    }

    /** The initializers of a class and of those above it, without those that have run before code of {@code by} can. */
    private List<Body> initializersOf(String type, ClassNode by) {
        List<Body> initializers = new ArrayList<>();
        String name = type;
        for (int depth = 0; depth < 50 && name != null && !JdkClasses.isJdk(name) && !isAbove(name, by); depth++) {
            Optional<ClassNode> node = all.classes().find(name);
            if (node.isEmpty()) {
                break;
            }
            node.get().methods.stream().filter(m -> m.name.equals("<clinit>")).findFirst()
                    .ifPresent(m -> initializers.add(new Body(node.get(), m)));
            name = node.get().superName;
        }
        return initializers;
    }

    private boolean isAbove(String name, ClassNode by) {
        String at = by.name;
        for (int depth = 0; depth < 50 && at != null && !JdkClasses.isJdk(at); depth++) {
            if (at.equals(name)) {
                return true;
            }
            at = all.classes().find(at).map(node -> node.superName).orElse(null);
        }
        return false;
    }

    private static String shown(ClassNode type) {
        return type.name.replace('/', '.');
    }
}
