package dev.loom.agent.weave.mass;

import dev.loom.filter.analysis.ControlFlow;
import dev.loom.filter.analysis.RegionInterior;
import dev.loom.filter.plan.EventPlan;
import dev.loom.filter.plan.KeyPlan;
import dev.loom.filter.plan.RegionPlan;
import dev.loom.filter.weave.MethodWeaving;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeSet;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.LineNumberNode;
import org.objectweb.asm.tree.MethodNode;

/** Regions and events for each method of a class, of every kind and with keys of every kind; the same for the same class. */
final class SampleHooks {

    private static final List<Object> LITERALS = List.of(7, 7L, 1.5, 'c', true, "text");

    private final MethodNode method;
    private final Random random;
    private final List<Integer> lines;
    private final String place;

    private SampleHooks(ClassNode type, MethodNode method) {
        this.method = method;
        place = type.name.replace('/', '.') + "#" + method.name + method.desc;
        random = new Random(place.hashCode());
        SortedSet<Integer> found = new TreeSet<>();
        for (AbstractInsnNode insn : method.instructions) {
            if (insn instanceof LineNumberNode number) {
                found.add(number.line);
            }
        }
        lines = List.copyOf(found);
    }

    /** A weaving of every method that has a body, by name and descriptor. */
    static Map<String, MethodWeaving> of(ClassNode type, boolean withRegions, boolean withEvents) {
        Map<String, MethodWeaving> result = new LinkedHashMap<>();
        for (MethodNode method : type.methods) {
            boolean bare = method.name.startsWith("<") && !withRegions;
            if (method.instructions.size() > 0 && !method.name.equals("<clinit>") && !bare) {
                result.put(method.name + method.desc, new MethodWeaving(1, new SampleHooks(type, method).hooks(withRegions, withEvents)));
            }
        }
        return result;
    }

    private List<MethodWeaving.Region> hooks(boolean withRegions, boolean withEvents) {
        ControlFlow code = ControlFlow.of(method);
        List<MethodWeaving.Region> hooks = new ArrayList<>();
        int events = withEvents && !method.name.startsWith("<") && !lines.isEmpty() ? 1 + random.nextInt(2) : 0;
        for (int i = 0; i < events; i++) {
            int line = lines.get(random.nextInt(lines.size()));
            if (!RegionInterior.entriesOf(code, line).isEmpty()) {
                KeyPlan count = random.nextInt(3) == 0 ? key(new TreeSet<>(List.of(line))) : null;
                EventPlan event = new EventPlan(0, i, line, 1, key(new TreeSet<>(List.of(line))), place + ":" + line, count);
                hooks.add(MethodWeaving.Region.of(event, hooks.size(), "token" + hooks.size(), "order"));
            }
        }
        int regions = withRegions ? 1 + random.nextInt(3) : 0;
        for (int i = 0; i < regions; i++) {
            RegionPlan plan = region(i);
            RegionInterior interior = RegionInterior.of(code, plan.entryLines(), plan.exitLines());
            if (interior.missingLines().isEmpty() && interior.deadEntries().isEmpty()) {
                String lock = "lock" + (random.nextInt(3) == 0 ? 0 : i);
                hooks.add(new MethodWeaving.Region(plan, hooks.size(), "token" + hooks.size(), lock));
            }
        }
        return hooks;
    }

    private RegionPlan region(int index) {
        SortedSet<Integer> entries = new TreeSet<>();
        SortedSet<Integer> exits = new TreeSet<>();
        if (!lines.isEmpty() && random.nextInt(4) > 0) {
            int at = random.nextInt(lines.size());
            entries.add(lines.get(at));
            if (random.nextInt(4) == 0) {
                entries.add(lines.get(random.nextInt(lines.size())));
            }
            if (random.nextInt(6) > 0) {
                exits.add(lines.get(Math.min(lines.size() - 1, at + random.nextInt(6))));
            }
        }
        SortedSet<Integer> at = entries.isEmpty() ? new TreeSet<>(List.of(0)) : entries;
        return new RegionPlan(index, index, 0, false, entries, exits, key(at), place + ":" + entries + "-" + exits);
    }

    /** Null for no key. */
    private KeyPlan key(SortedSet<Integer> lines) {
        Type[] arguments = Type.getArgumentTypes(method.desc);
        boolean isStatic = (method.access & Opcodes.ACC_STATIC) != 0;
        List<KeyPlan.FieldRef> path = random.nextBoolean() ? List.of() : List.of(new KeyPlan.FieldRef("a/B", "next", "La/B;"));
        KeyPlan.Base base = switch (random.nextInt(6)) {
            case 0 -> new KeyPlan.Base.Literal(LITERALS.get(random.nextInt(LITERALS.size())));
            case 1 -> new KeyPlan.Base.ClassLiteral("a/B");
            case 2 -> new KeyPlan.Base.Static(new KeyPlan.FieldRef("a/B", "all", "La/B;"));
            case 3 -> isStatic ? null : new KeyPlan.Base.This();
            case 4 -> arguments.length == 0 ? null : parameter(arguments[0], isStatic ? 0 : 1, lines);
            default -> null;
        };
        return base == null ? null : new KeyPlan(base, path, "key");
    }

    private static KeyPlan.Base parameter(Type type, int slot, SortedSet<Integer> lines) {
        Map<Integer, KeyPlan.Slot> slots = new LinkedHashMap<>();
        lines.forEach(line -> slots.put(line, new KeyPlan.Slot(slot, type.getDescriptor())));
        return new KeyPlan.Base.Local("parameter", slots);
    }
}
