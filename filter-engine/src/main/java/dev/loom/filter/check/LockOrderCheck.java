package dev.loom.filter.check;

import dev.loom.filter.analysis.ControlFlow;
import dev.loom.filter.analysis.HeldLocks;
import dev.loom.filter.analysis.HeldMonitors;
import dev.loom.filter.diagnostic.DiagnosticCode;
import dev.loom.filter.plan.ConstraintPlan;
import dev.loom.filter.resolve.Body;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.MethodInsnNode;

/**
 * Whether two constraints, or a constraint and monitors of the application, can be taken in opposite orders. Monitors are told
 * apart by the class of their object, so two objects of one class look like one: a warning, never an error.
 */
final class LockOrderCheck {

    /** Classes whose methods are searched for those that hold a monitor and come to a region, in a running JVM too. */
    private static final int MAX_NEIGHBOURS = 200;

    private final ConstraintView all;
    private final Map<Body, List<HeldMonitors.Block>> blocks = new HashMap<>();

    LockOrderCheck(ConstraintView all) {
        this.all = all;
    }

    /** One lock taken while another is held. */
    private record Edge(RegionView region, String path) {}

    void run() {
        for (int a = 0; a < all.constraints().size(); a++) {
            if (!isLock(a)) {
                continue;
            }
            if (!monitors(a)) {
                reflection(a);
            }
            for (int b = a + 1; b < all.constraints().size(); b++) {
                Edge there = isLock(b) ? edge(a, b) : null;
                Edge back = there == null ? null : edge(b, a);
                if (there != null && back != null) {
                    all.out().report(
                            DiagnosticCode.LOCK_ORDER,
                            all.constraint(b).span(),
                            "this constraint and the one in line " + all.constraint(a).span().line()
                                    + " can be taken in opposite orders: "
                                    + there.path() + " and " + back.path(),
                            "make one constraint of the two, or let one region end before the other begins");
                }
            }
        }
    }

    private boolean isLock(int constraint) {
        return all.constraint(constraint).plan() instanceof ConstraintPlan.Exclusion
                && !all.constraint(constraint).plan().observe();
    }

    private List<RegionView> regions(int constraint) {
        return all.sides(constraint).stream().flatMap(List::stream).toList();
    }

    private @Nullable Edge edge(int held, int taken) {
        for (RegionView from : regions(held)) {
            for (RegionView to : regions(taken)) {
                String path = from.region().equals(to.region()) ? null : SharedUpgradeCheck.path(from, to, all.reach());
                if (path != null) {
                    return new Edge(from, from.region().location() + " comes to " + to.region().location() + " (" + path + ")");
                }
            }
        }
        return null;
    }

    /**
     * A monitor that a region takes.
     *
     * @param where the method that takes it
     * @param path the calls from the region; empty if it takes it itself
     */
    private record Taken(RegionView region, Body where, int line, String path) {
        String shown() {
            return (path.isEmpty() ? "this region" : "from here " + where.shownName()) + " takes it ("
                    + (path.isEmpty() ? "line " + line : path) + ")";
        }
    }

    /** Monitors that a region of the constraint takes, and that are held where a region of it is entered; whether some were found. */
    private boolean monitors(int constraint) {
        Map<String, Taken> taken = new LinkedHashMap<>();
        for (RegionView region : regions(constraint)) {
            taken(region).forEach(taken::putIfAbsent);
        }
        if (taken.isEmpty()) {
            return false;
        }
        for (RegionView region : regions(constraint)) {
            for (String monitor : atEntry(region)) {
                // a region that takes a monitor again which it holds already waits for nobody
                Taken other = regions(constraint).stream().filter(r -> !atEntry(r).contains(monitor)).map(this::taken)
                        .filter(t -> t.containsKey(monitor)).findFirst().map(t -> t.get(monitor)).orElse(null);
                if (other != null) {
                    report(other, monitor, region.region().location() + (isLock(monitor) ? " is entered with the lock held" : " is entered with the monitor held"));
                    return true;
                }
            }
        }
        for (Map.Entry<String, Taken> one : taken.entrySet()) {
            if (atEntry(one.getValue().region()).contains(one.getKey())) {
                continue;
            }
            String path = holders(one.getKey(), constraint);
            if (path != null) {
                report(one.getValue(), one.getKey(), path);
                return true;
            }
        }
        return false;
    }

    /** A region that is entered with a lock of the application held, while another side calls by reflection what nobody can see. */
    private void reflection(int constraint) {
        for (RegionView unseen : regions(constraint)) {
            String call = reflectiveCall(unseen);
            if (call == null) {
                continue;
            }
            for (RegionView other : regions(constraint)) {
                String held = other.body().equals(unseen.body()) ? null : heldBefore(other, regions(constraint));
                if (held != null) {
                    all.out().report(
                            DiagnosticCode.LOCK_ORDER, other.span(),
                            "a thread can wait for this region while it holds " + held + ", and " + unseen.region().location()
                                    + " calls by reflection what may need that (" + call + ")",
                            "name the code in front of the lock, so that the region is taken first");
                    return;
                }
            }
        }
    }

    private @Nullable String reflectiveCall(RegionView region) {
        if (invokes(region.body())) {
            return region.body().shownName();
        }
        return all.reach().from(region).stream().filter(s -> s.depth() <= 2 && invokes(s.body())).findFirst().map(s -> s.path(region)).orElse(null);
    }

    private static boolean invokes(Body body) {
        for (AbstractInsnNode node : body.method().instructions) {
            if (node instanceof MethodInsnNode call && call.owner.equals("java/lang/reflect/Method") && call.name.equals("invoke")) {
                return true;
            }
        }
        return false;
    }

    /** Whether a lock is taken inside a region: who has the region already waits for nobody there. */
    private static boolean isInside(Body body, HeldMonitors.Block block, List<RegionView> regions) {
        return regions.stream().anyMatch(r -> r.body().equals(body)
                && (r.region().isWholeMethod() || r.code().method() == body.method() && r.interior().interior().get(block.index())));
    }

    /** A lock that is held where some code comes to a region; null if none is seen. */
    private @Nullable String heldBefore(RegionView region, List<RegionView> constraint) {
        for (Body body : neighbours(region.body().owner().name, List.of(region))) {
            for (HeldMonitors.Block block : blocks(body)) {
                if (block.monitor() == null || isInside(body, block, constraint)) {
                    continue;
                }
                for (ReachableMethods.Step step : all.reach().from(body.method(), block.held())) {
                    if (step.body().equals(region.body())) {
                        return shown(block.monitor()) + " (" + step.path(body) + ")";
                    }
                }
            }
        }
        return null;
    }

    private void report(Taken taken, String monitor, String otherWay) {
        all.out().report(
                DiagnosticCode.LOCK_ORDER,
                taken.region().span(),
                "this region and " + shown(monitor) + " can be taken in opposite orders: " + otherWay + ", and "
                        + taken.shown(),
                otherWay.endsWith("is entered with the monitor held") || otherWay.endsWith("is entered with the lock held")
                        ? "name the code that calls the synchronized method, so that the region is taken first"
                        : "let the region end before it takes the monitor, or begin where the monitor is taken");
    }

    /** {@code the monitor of com.acme.Bank}, of {@code com.acme.Bank.class}, of {@code com.acme.Bank.done}; {@code the lock com.acme.Bank.lock}. */
    private static String shown(String monitor) {
        String name = monitor.replace('/', '.');
        return isLock(monitor) ? "the lock " + name.substring(0, name.length() - HeldLocks.MARK.length()) : "the monitor of " + name;
    }

    private static boolean isLock(String monitor) {
        return monitor.endsWith(HeldLocks.MARK);
    }

    /** What a region takes, itself or in methods that it calls, by monitor. */
    private Map<String, Taken> taken(RegionView region) {
        Map<String, Taken> taken = new LinkedHashMap<>();
        for (HeldMonitors.Block block : blocks(region.body())) {
            if (block.monitor() != null && region.code().method() == region.body().method()
                    && region.interior().interior().get(block.index())) {
                taken.putIfAbsent(block.monitor(), new Taken(region, region.body(), region.code().line(block.index()), ""));
            }
        }
        for (ReachableMethods.Step step : all.reach().from(region)) {
            String own = monitorOf(step.body());
            if (own != null) {
                taken.putIfAbsent(own, new Taken(region, step.body(), 0, step.path(region)));
            }
            for (HeldMonitors.Block block : blocks(step.body())) {
                if (block.monitor() != null) {
                    taken.putIfAbsent(block.monitor(), new Taken(region, step.body(), 0, step.path(region)));
                }
            }
        }
        return taken;
    }

    private List<HeldMonitors.Block> blocks(Body body) {
        return blocks.computeIfAbsent(body, b -> {
            if (!hasBlock(b)) {
                return List.of();
            }
            ControlFlow flow = flow(b);
            List<HeldMonitors.Block> all = new ArrayList<>(HeldMonitors.of(b.owner().name, flow));
            for (HeldMonitors.Block lock : HeldLocks.of(flow)) {
                String name = lock.monitor() == null ? null : declared(lock.monitor());
                all.add(new HeldMonitors.Block(lock.index(), name, lock.held()));
            }
            return all;
        });
    }

    /** The name of a lock by the class that declares its field: code of a subclass names it by that. */
    private String declared(String lock) {
        int dot = lock.indexOf('.');
        String field = lock.substring(dot + 1, lock.length() - HeldLocks.MARK.length());
        String at = lock.substring(0, dot);
        for (int depth = 0; depth < 50 && at != null; depth++) {
            ClassNode node = all.classes().find(at).orElse(null);
            if (node == null) {
                break;
            }
            if (node.fields.stream().anyMatch(f -> f.name.equals(field))) {
                return at + "." + field + HeldLocks.MARK;
            }
            at = node.superName;
        }
        return lock;
    }

    private ControlFlow flow(Body body) {
        return ControlFlow.of(body.method());
    }

    private static boolean hasBlock(Body body) {
        for (AbstractInsnNode node = body.method().instructions.getFirst(); node != null; node = node.getNext()) {
            if (node.getOpcode() == Opcodes.MONITORENTER || HeldLocks.isTaking(node)) {
                return true;
            }
        }
        return false;
    }

    /** The monitors that the method itself holds where a region is entered. */
    private Set<String> atEntry(RegionView region) {
        Set<String> held = new LinkedHashSet<>();
        String own = monitorOf(region.body());
        if (own != null) {
            held.add(own);
        }
        if (!region.region().isWholeMethod() && region.code().method() == region.body().method()) {
            for (HeldMonitors.Block block : blocks(region.body())) {
                if (block.monitor() != null && region.interior().entries().stream().anyMatch(block.held()::get)) {
                    held.add(block.monitor());
                }
            }
        }
        return held;
    }

    /** Code near the regions that holds a monitor and comes to a region of the constraint; null if none is seen. */
    private @Nullable String holders(String monitor, int constraint) {
        for (Body body : neighbours(monitor, regions(constraint))) {
            BitSet within = new BitSet();
            if (monitor.equals(monitorOf(body))) {
                within.set(0, body.method().instructions.size());
            }
            for (HeldMonitors.Block block : blocks(body)) {
                if (monitor.equals(block.monitor()) && !isInside(body, block, regions(constraint))) {
                    within.or(block.held());
                }
            }
            if (within.isEmpty()) {
                continue;
            }
            for (ReachableMethods.Step step : all.reach().from(body.method(), within)) {
                for (RegionView region : regions(constraint)) {
                    if (region.body().equals(step.body())) {
                        return body.shown() + (isLock(monitor) ? " holds the lock and comes to " : " holds the monitor and comes to ") + region.region().location() + " ("
                                + step.path(body) + ")";
                    }
                }
            }
        }
        return null;
    }

    /** The methods of the classes of the regions, of the monitor's class, and of their packages. */
    private Collection<Body> neighbours(String monitor, List<RegionView> regions) {
        Set<ClassNode> owners = new LinkedHashSet<>();
        regions.forEach(r -> owners.addAll(all.classes().withNested(r.body().owner())));
        String owner = monitor.contains(".") ? monitor.substring(0, monitor.indexOf('.')) : monitor;
        all.classes().find(owner).ifPresent(node -> owners.addAll(all.classes().withNested(node)));
        for (ClassNode one : List.copyOf(owners)) {
            for (String name : all.classes().inPackageOf(one.name, MAX_NEIGHBOURS)) {
                // a class that holds the monitor names the class that the monitor is named by
                if (owners.size() < MAX_NEIGHBOURS && all.classes().mayName(name, owner)) {
                    all.classes().find(name).ifPresent(owners::add);
                }
            }
        }
        List<Body> bodies = new ArrayList<>();
        owners.forEach(node -> node.methods.forEach(method -> bodies.add(new Body(node, method))));
        return bodies;
    }

    /** The monitor that a synchronized method takes: its class's name for an object, with a mark for the class itself. */
    private static @Nullable String monitorOf(Body body) {
        return body.has(Opcodes.ACC_SYNCHRONIZED) ? body.owner().name + (body.isStatic() ? ".class" : "") : null;
    }
}
