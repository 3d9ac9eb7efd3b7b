package dev.loom.client;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The agent of a JVM at one moment.
 *
 * @param mode {@code PREMAIN} or {@code ATTACHED}
 * @param skippedMethods methods without update points, by reason
 * @param remarks what it said that was cut or left out, for its page
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
        List<FilterStatus> filters,
        List<String> remarks) {

    /** What is asked of the agent's MBean for it. */
    static final String[] ATTRIBUTES = {
        "Version", "Mode", "Name", "Labels", "Uptime", "InstrumentedClasses", "InstrumentedMethods", "SkippedMethods",
        "TransformTimeMillis", "OverheadPercent", "AgentFaults", "Filters"
    };

    /** The filter of that name, or null. */
    public @Nullable FilterStatus filter(String name) {
        return filters.stream().filter(f -> f.filter().equals(name)).findFirst().orElse(null);
    }

    /** The same with another status of one filter. */
    public AgentInfo with(FilterStatus status) {
        List<FilterStatus> changed = new ArrayList<>(filters);
        if (filter(status.filter()) == null) {
            changed.add(status);
        } else {
            changed.replaceAll(f -> f.filter().equals(status.filter()) ? status : f);
        }
        return new AgentInfo(
                version, mode, name, labels, uptimeMillis, instrumentedClasses, instrumentedMethods, skippedMethods, transformTimeMillis,
                overheadPercent, agentFaults, List.copyOf(changed), remarks);
    }
}
