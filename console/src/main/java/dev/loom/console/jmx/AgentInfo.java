package dev.loom.console.jmx;

import java.util.List;
import java.util.Map;

/**
 * The agent of a JVM at one moment.
 *
 * @param mode {@code PREMAIN} or {@code ATTACHED}
 * @param skippedMethods methods without switch points, by reason
 * @param agentFaults faults in Loom's own code, kept from the application
 */
public record AgentInfo(
        String version,
        String mode,
        String name,
        Map<String, String> labels,
        long uptimeMillis,
        int instrumentedClasses,
        int instrumentedMethods,
        Map<String, Integer> skippedMethods,
        long transformTimeMillis,
        double overheadPercent,
        long agentFaults,
        List<FilterStatus> filters) {

    /** The filter of that name, or null. */
    public @org.jspecify.annotations.Nullable FilterStatus filter(String name) {
        return filters.stream().filter(f -> f.filter().equals(name)).findFirst().orElse(null);
    }
}
