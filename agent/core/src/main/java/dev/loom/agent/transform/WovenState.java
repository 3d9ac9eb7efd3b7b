package dev.loom.agent.transform;

import dev.loom.filter.weave.MethodWeaving;
import java.util.HashMap;
import java.util.Map;

/**
 * What is, or shall be, woven into one class. Immutable.
 *
 * @param methods by name and descriptor; a method that is missing here has its static part only
 * @param lastVersions the highest version number used so far, by name and descriptor
 */
record WovenState(Map<String, MethodWeaving> methods, Map<String, Integer> lastVersions) {

    static final WovenState STATIC = new WovenState(Map.of(), Map.of());

    WovenState {
        methods = Map.copyOf(methods);
        lastVersions = Map.copyOf(lastVersions);
    }

    WovenState with(Map<String, MethodWeaving> changed, Iterable<String> unwoven) {
        Map<String, MethodWeaving> now = new HashMap<>(methods);
        Map<String, Integer> versions = new HashMap<>(lastVersions);
        unwoven.forEach(now::remove);
        changed.forEach((method, weaving) -> {
            now.put(method, weaving);
            versions.merge(method, weaving.version(), Math::max);
        });
        return new WovenState(now, versions);
    }

    int nextVersion(String method) {
        return lastVersions.getOrDefault(method, 0) + 1;
    }
}
