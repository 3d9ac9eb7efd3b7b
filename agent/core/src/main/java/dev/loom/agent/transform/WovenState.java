package dev.loom.agent.transform;

import dev.loom.filter.weave.MethodWeaving;
import dev.loom.filter.weave.MethodWeaving.Region;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What is, or shall be, woven into one class. Immutable.
 *
 * <p>The same regions in a method always get the same version number, so that a filter which comes and goes a thousand times does
 * not make a thousand versions: the JVM keeps what the constant pools of all versions hold. Two frames of code of one number differ in
 * nothing; a hook's id is never given to another hook.
 *
 * @param methods by name and descriptor; a method that is missing here has its static part only
 * @param numbered regions and polls of all versions so far, by name and descriptor; version {@code n} at place {@code n - 1}
 * @param source fingerprint of the class file that it was made for; 0 if not known
 */
record WovenState(Map<String, MethodWeaving> methods, Map<String, List<Content>> numbered, long source) {

    static final WovenState STATIC = new WovenState(Map.of(), Map.of(), 0);

    WovenState {
        methods = Map.copyOf(methods);
        numbered = Map.copyOf(numbered);
    }

    WovenState with(Map<String, MethodWeaving> changed, Iterable<String> unwoven) {
        Map<String, MethodWeaving> now = new HashMap<>(methods);
        Map<String, List<Content>> numbers = new HashMap<>(numbered);
        unwoven.forEach(now::remove);
        changed.forEach((method, weaving) -> {
            now.put(method, weaving);
            List<Content> versions = numbers.getOrDefault(method, List.of());
            if (weaving.version() > versions.size()) {
                List<Content> more = new ArrayList<>(versions);
                while (more.size() < weaving.version() - 1) {
                    more.add(NEVER_AGAIN);
                }
                more.add(Content.of(weaving));
                numbers.put(method, List.copyOf(more));
            }
        });
        return new WovenState(now, numbers, source);
    }

    WovenState madeFor(long classFile) {
        return new WovenState(methods, numbered, classFile);
    }

    /** The state as it was, with the numbers that were given out since. */
    WovenState knowing(WovenState later) {
        return new WovenState(methods, later.numbered, source);
    }

    /**
     * The state of a class that somebody gives other method bodies. Its methods keep the numbers under which they are live; what
     * was numbered before is never woven again, as it would not be the same.
     *
     * @param regions what to weave, by method
     * @param present the methods that the class has now
     * @param polls what methods get that were not woven before
     */
    WovenState redefined(Map<String, List<Region>> regions, Set<String> present, long classFile, int polls) {
        Map<String, List<Content>> numbers = new HashMap<>();
        numbered.forEach((method, versions) -> numbers.put(method, versions.stream().map(v -> NEVER_AGAIN).toList()));
        WovenState fresh = new WovenState(Map.of(), numbers, classFile);
        Map<String, MethodWeaving> now = new HashMap<>();
        methods.forEach((method, weaving) -> {
            if (present.contains(method)) {
                now.put(
                        method,
                        new MethodWeaving(weaving.version(), regions.getOrDefault(method, List.of()), weaving.polls()));
            }
        });
        regions.forEach((method, some) -> now.computeIfAbsent(method, m -> fresh.numbered(m, some, polls)));
        return fresh.with(now, List.of());
    }

    /** Equal to nothing that is ever woven. */
    private static final Content NEVER_AGAIN = new Content(List.of(new Region(null, 0, "", "")), 0);

    /** What tells two versions of a method apart. */
    record Content(List<Region> regions, int polls) {
        static Content of(MethodWeaving weaving) {
            return new Content(weaving.regions(), weaving.polls());
        }
    }

    /** The weaving of a method with these regions and polls, under its number. */
    MethodWeaving numbered(String method, List<Region> regions, int polls) {
        List<Content> versions = numbered.getOrDefault(method, List.of());
        int known = versions.indexOf(new Content(regions, polls));
        return new MethodWeaving(known >= 0 ? known + 1 : versions.size() + 1, regions, polls);
    }
}
