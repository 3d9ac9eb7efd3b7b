package dev.loom.filter.explain;

import dev.loom.filter.classes.ClassSource;
import dev.loom.filter.diagnostic.Printable;
import dev.loom.filter.forecast.Outlook;
import dev.loom.filter.plan.ConstraintPlan;
import dev.loom.filter.plan.EventPlan;
import dev.loom.filter.plan.MethodPlan;
import dev.loom.filter.plan.RegionPlan;
import dev.loom.filter.plan.WeavingPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.Opcodes;

/**
 * A plan in words: the constraints, then each method with its hooks, what evacuation will be able to do there, and its source lines
 * with the hooks beside them. The lines have the form {@code NUMBER | hooks | frames | code}, so that whoever has the source can put
 * it there.
 */
public final class Explanation {

    /** Lines of a method that are shown whole; of a longer one those near hooks. */
    private static final int MAX_LINES = 150;

    /** Lines shown around a hook of a long method. */
    private static final int AROUND = 4;

    private Explanation() {}

    /** The plan in words; the classes are those that it was made of. */
    public static String of(WeavingPlan plan, ClassSource classes) {
        StringBuilder out = new StringBuilder("filter ").append(plan.filter()).append('\n');
        for (ConstraintPlan constraint : plan.constraints()) {
            out.append("  constraint ").append(constraint.index()).append(constraint.observe() ? " (observe): " : ": ")
                    .append(constraint.canonicalText()).append('\n');
        }
        for (MethodPlan method : plan.methods()) {
            out.append('\n').append(method.method()).append("  ").append(method.bodyDigest()).append('\n');
            int number = 1;
            for (RegionPlan region : method.regions()) {
                region(number++, region, method.method().name(), out);
            }
            for (EventPlan event : method.events()) {
                event(number++, event, out);
            }
            Optional<byte[]> file = classes.find(method.method().owner());
            if (file.isPresent()) {
                try {
                    Outlook outlook = outlook(method, file.get(), classes);
                    if (outlook != null) {
                        say(outlook, out);
                    }
                    lines(method, file.get(), outlook, classes, out);
                } catch (RuntimeException e) {
                    out.append("  running frames: cannot be told: ").append(e.getMessage()).append('\n');
                }
            }
        }
        if (!plan.waitingFor().isEmpty()) {
            out.append("\nwaiting for ").append(String.join(", ", plan.waitingFor()).replace('/', '.')).append('\n');
        }
        return out.toString();
    }

    /** What evacuation will be able to do: where frames move to new code, where they are in the way, where they may stay. */
    private static @Nullable Outlook outlook(MethodPlan method, byte[] file, ClassSource classes) {
        List<Outlook.Part> parts = new ArrayList<>();
        method.regions().forEach(r -> parts.add(new Outlook.Part(r.entryLines(), r.exitLines())));
        method.events().forEach(e -> {
            SortedSet<Integer> line = new TreeSet<>(List.of(e.line()));
            parts.add(new Outlook.Part(line, line));
        });
        return Outlook.of(file, Map.of(method.method().key(), parts), classes::find).get(method.method().key());
    }

    private static void say(Outlook outlook, StringBuilder out) {
        out.append("  running frames\n");
        out.append("    move to the new code ").append(outlook.switching().isEmpty() ? "nowhere: they stay until they return"
                : "behind " + lines(outlook.switching())).append('\n');
        SortedSet<Integer> unsafe = new TreeSet<>(outlook.unsafe().anywhere());
        unsafe.removeIf(line -> line < 0);
        if (!unsafe.isEmpty()) {
            out.append("    are in the way at ").append(lines(unsafe)).append('\n');
        }
        for (Outlook.Stuck stuck : outlook.stuck()) {
            out.append("    may stay in the way ").append(stuck.call().isEmpty() ? "in the loop " : "in " + stuck.call() + ", ")
                    .append(stuck.first() < 0 ? "in code without lines" : stuck.first() == stuck.last() ? "line " + stuck.first()
                            : "lines " + stuck.first() + " to " + stuck.last())
                    .append(": ").append(stuck.why()).append('\n');
        }
        outlook.skipped().forEach((reason, count) -> out.append("    ").append(count).append(count == 1 ? " place" : " places")
                .append(" without an update point: ").append(reason.text()).append('\n'));
    }

    /** The method's lines, each with what stands there. */
    private static void lines(
            MethodPlan method, byte[] file, @Nullable Outlook outlook, ClassSource classes, StringBuilder out) {
        SortedMap<Integer, HookLines.Line> lines = new TreeMap<>(HookLines.of(file, method, classes::find).lines());
        lines.remove(0);
        if (lines.isEmpty()) {
            return;
        }
        out.append("  source ").append(sourceOf(file)).append('\n');
        int regions = method.regions().size();
        List<String> hooks = lines.values().stream().map(line -> hooks(line, method, regions)).toList();
        int width = Math.max(5, hooks.stream().mapToInt(String::length).max().orElse(0));
        List<Integer> numbers = List.copyOf(lines.keySet());
        boolean omitted = false;
        for (int i = 0; i < hooks.size(); i++) {
            if (hooks.size() > MAX_LINES && !isNearHook(hooks, i)) {
                omitted = true;
                continue;
            }
            if (omitted) {
                out.append("       …\n");
                omitted = false;
            }
            int number = numbers.get(i);
            String frames = outlook == null ? ""
                    : outlook.unsafe().anywhere().contains(number) ? "in the way" : outlook.switching().contains(number) ? "move" : "";
            String does = lines.get(number).does().stream().limit(3).collect(Collectors.joining(", "));
            out.append(String.format(Locale.ROOT, "  %6d | %-" + width + "s | %-10s | %s", number, hooks.get(i), frames,
                    Printable.of(does)).stripTrailing()).append('\n');
        }
    }

    private static boolean isNearHook(List<String> hooks, int line) {
        return hooks.subList(Math.max(0, line - AROUND), Math.min(hooks.size(), line + AROUND + 1)).stream()
                .anyMatch(h -> h.contains("enter") || h.contains("leave") || h.contains("wait") || h.contains("done"));
    }

    private static String hooks(HookLines.Line line, MethodPlan method, int regions) {
        List<String> hooks = new ArrayList<>();
        for (int number : line.enters()) {
            if (number <= regions) {
                hooks.add("enter " + number);
            } else if (method.events().get(number - regions - 1).position() > 0) {
                hooks.add("wait " + number);
            }
        }
        for (int number : line.inside()) {
            if (number <= regions && !line.enters().contains(number) && !line.leaves().contains(number)) {
                hooks.add("in " + number);
            }
        }
        line.leaves().forEach(number -> hooks.add((number <= regions ? "leave " : "done ") + number));
        return String.join(", ", hooks);
    }

    /** {@code com/acme/Bank.java}, as sources are kept. */
    private static String sourceOf(byte[] file) {
        ClassReader reader = new ClassReader(file);
        String[] source = new String[1];
        reader.accept(new ClassVisitor(Opcodes.ASM9) {
            @Override
            public void visitSource(@Nullable String name, @Nullable String debug) {
                source[0] = name;
            }
        }, ClassReader.SKIP_CODE | ClassReader.SKIP_FRAMES);
        String type = reader.getClassName();
        String directory = type.substring(0, type.lastIndexOf('/') + 1);
        return Printable.of(source[0] == null ? type : directory + source[0]);
    }

    private static void region(int number, RegionPlan region, String method, StringBuilder out) {
        out.append("  [").append(number).append("] constraint ").append(region.constraint()).append(", side ").append(region.side() + 1)
                .append(region.shared() ? " (shared)" : "").append(region.key() == null ? "" : " by " + region.key().text()).append('\n');
        if (region.isWholeMethod()) {
            out.append("    enters ").append(method.equals("<init>") ? "behind super(...) or this(...)" : "before the first instruction")
                    .append(", leaves on each return and throw\n");
        } else {
            out.append("    enters before ").append(lines(region.entryLines())).append(", leaves ")
                    .append(region.exitLines().isEmpty() ? "on each return and throw"
                            : "behind " + lines(region.exitLines()) + " and on every other edge out of the region")
                    .append('\n');
        }
    }

    private static void event(int number, EventPlan event, StringBuilder out) {
        out.append("  [").append(number).append("] constraint ").append(event.constraint()).append(", event ").append(event.position() + 1)
                .append(count(event)).append(event.key() == null ? "" : " by " + event.key().text())
                .append(event.position() == 0
                        ? "\n    has completed behind line " + event.line() + '\n'
                        : "\n    waits before line " + event.line() + " for event " + event.position() + ", has completed behind it\n");
    }

    private static String count(EventPlan event) {
        return event.countKey() != null ? " {" + event.countKey().text() + "}" : event.count() == 1 ? "" : " {" + event.count() + "}";
    }

    private static String lines(SortedSet<Integer> lines) {
        return (lines.size() == 1 ? "line " : "lines ") + lines.stream().map(String::valueOf).collect(Collectors.joining(", "));
    }
}
