package dev.loom.agent.weave.torture;

import dev.loom.bootstrap.ConstraintLocks;
import dev.loom.bootstrap.HookRegistry;
import dev.loom.bootstrap.hook.ConstraintLock;
import dev.loom.bootstrap.hook.RegionHook;
import dev.loom.filter.analysis.ControlFlow;
import dev.loom.filter.analysis.RegionInterior;
import dev.loom.filter.plan.EventPlan;
import dev.loom.filter.plan.KeyPlan;
import dev.loom.filter.plan.RegionPlan;
import dev.loom.filter.weave.MethodWeaving;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.MethodNode;

/** Random regions for the methods of one class, each with a real hook and lock. */
final class Regions {

    /** One region and what must be true at the sites of its method. */
    private record Made(MethodWeaving.Region region, RegionHook hook, Map<Integer, Boolean> heldAt) {}

    private final Map<String, List<Made>> byMethod = new HashMap<>();
    private final List<RegionHook> hooks = new ArrayList<>();

    Regions(ClassNode type, Random random) {
        Set<String> lockNames = new HashSet<>();
        for (MethodNode method : Program.bodies(type)) {
            List<Integer> lines = new ArrayList<>(Program.lines(method));
            ControlFlow code = ControlFlow.of(method);
            List<Made> made = new ArrayList<>();
            for (int tries = 0; tries < 6 && made.size() < 3; tries++) {
                RegionPlan plan = plan(type, method, lines, random, made.size());
                if (random.nextInt(3) == 0 && !lines.isEmpty() && !method.name.startsWith("<")) {
                    event(method, code, lines.get(random.nextInt(lines.size())), plan.key(), random, made);
                    continue;
                }
                RegionInterior interior = RegionInterior.of(code, plan.entryLines(), plan.exitLines());
                boolean strange = !interior.jumpsIn().isEmpty();
                if (!interior.missingLines().isEmpty() || !interior.deadEntries().isEmpty() || strange && random.nextInt(4) > 0) {
                    continue;
                }
                boolean shares = !made.isEmpty() && made.get(0).region().event() == null && plan.key() == null && random.nextInt(4) == 0;
                Made partner = shares ? made.get(0) : null;
                ConstraintLock lock = partner != null && partner.region().plan().key() == null
                        ? partner.hook().lock()
                        : ConstraintLocks.of("torture", plan.key() != null, new boolean[] {false});
                String name = System.identityHashCode(lock) + "";
                lockNames.add(name);
                RegionHook hook = HookRegistry.create(lock, 0, false, RegionHook.Mode.ENFORCE);
                hooks.add(hook);
                Map<Integer, Boolean> heldAt = new HashMap<>();
                if (!strange && !shares) {
                    Program.sites(method).forEach((site, index) -> heldAt.put(site, interior.interior().get(index)));
                }
                made.add(new Made(
                        new MethodWeaving.Region(plan, hook.id(), type.name + method.name + method.desc + made.size(), name), hook, heldAt));
            }
            if (made.size() > 1) {
                // regions that share a lock say nothing about each other
                for (Made one : made) {
                    for (Made other : made) {
                        if (one != other && one.hook().lock() == other.hook().lock()) {
                            one.heldAt().clear();
                        }
                    }
                }
            }
            byMethod.put(method.name + method.desc, made);
        }
    }

    /** An event: the first of its order, or one that comes too early and whose time is up at once. */
    private void event(
            MethodNode method, ControlFlow code, int line, KeyPlan key, Random random, List<Made> made) {
        if (RegionInterior.entriesOf(code, line).isEmpty()) {
            return;
        }
        ConstraintLock order = ConstraintLocks.order("torture", key != null, 3, random.nextBoolean(), 1);
        int place = random.nextInt(2);
        RegionHook hook = HookRegistry.createEvent(order, place, 1_000_000, RegionHook.Mode.ENFORCE);
        hooks.add(hook);
        EventPlan plan = new EventPlan(0, place, line, 1_000_000, key, method.name + ":" + line);
        String token = "event " + method.name + method.desc + line + " " + hook.id();
        made.add(new Made(MethodWeaving.Region.of(plan, hook.id(), token, "order " + hook.id()), hook, new HashMap<>()));
    }

    private static RegionPlan plan(ClassNode type, MethodNode method, List<Integer> lines, Random random, int index) {
        TreeSet<Integer> entries = new TreeSet<>();
        TreeSet<Integer> exits = new TreeSet<>();
        if (!lines.isEmpty() && random.nextInt(5) > 0) {
            int at = random.nextInt(lines.size());
            entries.add(lines.get(at));
            if (random.nextInt(4) == 0) {
                entries.add(lines.get(random.nextInt(lines.size())));
            }
            if (random.nextInt(6) > 0) {
                exits.add(lines.get(Math.min(lines.size() - 1, at + random.nextInt(6))));
                if (random.nextInt(4) == 0) {
                    exits.add(lines.get(random.nextInt(lines.size())));
                }
            }
        }
        boolean isStatic = (method.access & Opcodes.ACC_STATIC) != 0;
        KeyPlan key = switch (random.nextInt(5)) {
            case 0 -> new KeyPlan(new KeyPlan.Base.Literal(42), List.of(), "42");
            case 1 -> isStatic
                    ? new KeyPlan(new KeyPlan.Base.ClassLiteral(type.name), List.of(), "class")
                    : new KeyPlan(new KeyPlan.Base.This(), List.of(), "this");
            default -> null;
        };
        return new RegionPlan(index, index, 0, false, entries, exits, key, method.name + ":" + entries + "-" + exits);
    }

    /** All or some of the regions, as weavings of the given version; every method has one. */
    Map<String, MethodWeaving> weaving(int version, Random some) {
        Map<String, MethodWeaving> result = new HashMap<>();
        byMethod.forEach((method, made) -> {
            List<MethodWeaving.Region> regions = new ArrayList<>();
            for (Made each : made) {
                if (some == null || some.nextBoolean()) {
                    regions.add(each.region());
                }
            }
            result.put(method, new MethodWeaving(version, regions));
        });
        return result;
    }

    /** Says what is wrong at a site; null if nothing. */
    String wrongAt(int site) {
        for (List<Made> made : byMethod.values()) {
            for (Made each : made) {
                Boolean expected = each.heldAt().get(site);
                if (expected != null && (each.hook().tokensOut() > 0) != expected) {
                    return "at site " + site + " region " + each.region().plan().location() + " is " + (expected ? "not " : "") + "held";
                }
            }
        }
        return null;
    }

    /** Says what is left over when no frame runs; null if nothing. */
    String leftOver() {
        for (List<Made> made : byMethod.values()) {
            for (Made each : made) {
                String name = "region " + each.region().plan().location() + " key " + each.region().plan().key();
                if (each.hook().tokensOut() != 0) {
                    for (Made other : made) {
                        if (other != each && other.hook().lock() == each.hook().lock()) {
                            name += " (sharing its lock with " + other.region().plan().location() + ")";
                        }
                    }
                    return each.hook().tokensOut() + " tokens of " + name + " are out";
                }
                if (each.hook().unprotected().size() != 0) {
                    return each.hook().unprotected().size() + " frames unprotected in " + name;
                }
            }
        }
        return null;
    }

    int count() {
        return hooks.size();
    }

    long hits() {
        return hooks.stream().mapToLong(h -> h.counts().hits()).sum();
    }

    void close() {
        hooks.forEach(h -> HookRegistry.unregister(h.id()));
    }
}
