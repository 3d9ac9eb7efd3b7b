package dev.loom.agent.control;

import java.util.Map;

/**
 * The agent as a whole.
 *
 * @param mode {@code PREMAIN} or {@code ATTACHED}
 * @param uptimeMillis since the agent started, ms
 * @param unpreparedClasses classes with methods that get their update points later
 * @param skippedMethods number of methods without (all of their) update points, by reason
 * @param transformTimeMillis CPU spent in class transformation, ms
 * @param agentFaults faults in Loom's own code that were caught and kept from the application
 */
public record AgentStatus(
        String version,
        String mode,
        String name,
        Map<String, String> labels,
        long uptimeMillis,
        int instrumentedClasses,
        int instrumentedMethods,
        int unpreparedClasses,
        Map<String, Integer> skippedMethods,
        long transformTimeMillis,
        double overheadPercent,
        long agentFaults) {}
