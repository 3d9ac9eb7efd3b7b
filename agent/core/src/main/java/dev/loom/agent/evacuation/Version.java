package dev.loom.agent.evacuation;

import dev.loom.agent.control.InstallOptions;
import dev.loom.agent.transform.ClassId;
import dev.loom.agent.transform.LoaderTable;
import dev.loom.bootstrap.ConstraintLock;
import dev.loom.bootstrap.HookRegistry;
import dev.loom.bootstrap.RegionHook;
import dev.loom.filter.CompileResult;
import dev.loom.filter.plan.ConstraintPlan;
import dev.loom.filter.plan.MethodPlan;
import dev.loom.filter.plan.RegionPlan;
import dev.loom.filter.plan.WeavingPlan;
import dev.loom.filter.weave.MethodWeaving;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One version of a filter in this JVM: its locks, its hooks, and which regions it puts into which methods. A constraint that reads
 * the same in the version before keeps its lock, and a region that is the same keeps its hook, so that a replacement changes
 * nothing for them.
 */
final class Version {

    final String filter;
    final String text;
    final CompileResult.Compiled compiled;
    final InstallOptions options;
    private final Map<String, ConstraintLock> locks = new HashMap<>();
    private final Map<String, RegionHook> hooks = new LinkedHashMap<>();
    private final Map<String, RegionPlan> plans = new HashMap<>();
    /** By class and method. */
    private final LoaderTable<Map<String, List<MethodWeaving.Region>>> regions = new LoaderTable<>();
    private final Set<String> classes = new TreeSet<>();

    Version(String filter, String text, CompileResult.Compiled compiled, InstallOptions options, @Nullable Version before) {
        this.filter = filter;
        this.text = text;
        this.compiled = compiled;
        this.options = options;
        for (ConstraintPlan constraint : compiled.plan().constraints()) {
            String key = lockKey(constraint);
            ConstraintLock inherited = before == null ? null : before.locks.get(key);
            if (inherited != null) {
                locks.put(key, inherited);
            } else if (constraint instanceof ConstraintPlan.Exclusion exclusion) {
                boolean[] shared = new boolean[exclusion.shared().size()];
                for (int i = 0; i < shared.length; i++) {
                    shared[i] = exclusion.shared().get(i);
                }
                locks.put(key, ConstraintLock.of(filter + ": " + exclusion.canonicalText(), exclusion.keyed(), shared));
            }
        }
        addHooks(compiled.plan(), before);
        classes.addAll(compiled.namedClasses());
        classes.addAll(compiled.plan().classes());
    }

    private static String lockKey(ConstraintPlan constraint) {
        return (constraint.observe() ? "observe " : "") + constraint.canonicalText();
    }

    /** What names a region in all versions of its filter. */
    private String token(ConstraintPlan constraint, MethodPlan method, RegionPlan region) {
        return filter + '|' + lockKey(constraint) + '|' + region.side() + '|' + method.method() + '|' + region.entryLines()
                + region.exitLines() + '|' + (region.key() == null ? "" : region.key().text());
    }

    private synchronized void addHooks(WeavingPlan plan, @Nullable Version before) {
        for (MethodPlan method : plan.methods()) {
            for (RegionPlan region : method.regions()) {
                ConstraintPlan constraint = plan.constraints().get(region.constraint());
                ConstraintLock lock = locks.get(lockKey(constraint));
                if (lock == null) {
                    continue;
                }
                String token = token(constraint, method, region);
                plans.putIfAbsent(token, region);
                RegionHook inherited = before == null ? null : before.hooks.get(token);
                if (inherited != null) {
                    hooks.putIfAbsent(token, inherited);
                } else if (!hooks.containsKey(token)) {
                    hooks.put(token, HookRegistry.create(lock, region.side(), region.shared(), mode(constraint)));
                }
            }
        }
    }

    private RegionHook.Mode mode(ConstraintPlan constraint) {
        return options.observe() || constraint.observe() ? RegionHook.Mode.OBSERVE : RegionHook.Mode.ENFORCE;
    }

    /** Sets the hooks to what this version wants, also those that it has from the version before. */
    synchronized void engage() {
        for (ConstraintPlan constraint : compiled.plan().constraints()) {
            ConstraintLock lock = locks.get(lockKey(constraint));
            hooks.values().stream().filter(h -> h.lock() == lock && h.mode() != mode(constraint)).forEach(h -> h.mode(mode(constraint)));
        }
    }

    /** Adds what a plan says about one class of one loader; returns the regions by method. */
    synchronized Map<String, List<MethodWeaving.Region>> add(ClassId id, WeavingPlan plan) {
        addHooks(plan, null);
        Map<String, List<MethodWeaving.Region>> byMethod = new HashMap<>();
        for (MethodPlan method : plan.methodsOf(id.name())) {
            for (RegionPlan region : method.regions()) {
                ConstraintPlan constraint = plan.constraints().get(region.constraint());
                String token = token(constraint, method, region);
                RegionHook hook = hooks.get(token);
                if (hook != null) {
                    byMethod.computeIfAbsent(method.method().key(), k -> new ArrayList<>())
                            .add(new MethodWeaving.Region(region, hook.id(), token, filter + '|' + lockKey(constraint)));
                }
            }
        }
        if (!byMethod.isEmpty()) {
            regions.put(id, byMethod);
            classes.add(id.name());
        }
        return byMethod;
    }

    /** The regions of one class, by method. */
    Map<String, List<MethodWeaving.Region>> regionsOf(ClassId id) {
        Map<String, List<MethodWeaving.Region>> found = regions.get(id);
        return found == null ? Map.of() : found;
    }

    /** Whether the text names a class, or one that the class is nested in. */
    synchronized boolean names(String internalName) {
        if (classes.contains(internalName)) {
            return true;
        }
        int nested = internalName.indexOf('$');
        return nested > 0 && classes.contains(internalName.substring(0, nested));
    }

    synchronized Set<String> classNames() {
        return new TreeSet<>(classes);
    }

    synchronized Map<String, RegionHook> hooks() {
        return new LinkedHashMap<>(hooks);
    }

    synchronized RegionPlan planOf(String token) {
        return plans.get(token);
    }

    /** Lets entries pass for all hooks that no other version needs. */
    void disengage(@Nullable Version other) {
        Map<String, RegionHook> kept = other == null ? Map.of() : other.hooks();
        hooks().forEach((token, hook) -> {
            if (kept.get(token) != hook) {
                hook.mode(RegionHook.Mode.PASS);
            }
        });
    }

    /** Tokens that are out for hooks that no other version needs. */
    int tokensOut(@Nullable Version other) {
        Map<String, RegionHook> kept = other == null ? Map.of() : other.hooks();
        int out = 0;
        for (Map.Entry<String, RegionHook> entry : hooks().entrySet()) {
            if (kept.get(entry.getKey()) != entry.getValue()) {
                out += entry.getValue().tokensOut();
            }
        }
        return out;
    }

    /** Forgets the hooks that no other version needs. */
    void unregister(@Nullable Version other) {
        Map<String, RegionHook> kept = other == null ? Map.of() : other.hooks();
        hooks().forEach((token, hook) -> {
            if (kept.get(token) != hook) {
                HookRegistry.unregister(hook.id());
            }
        });
    }

    /** Frames that are inside a region without its lock. */
    long unprotected() {
        return hooks().values().stream().mapToLong(RegionHook::unprotectedCount).sum();
    }
}
