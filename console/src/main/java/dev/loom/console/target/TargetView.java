package dev.loom.console.target;

import dev.loom.console.jmx.AppBean;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A JVM as users see it.
 *
 * @param source {@code JMX}, {@code REGISTERED} or {@code LOCAL}
 * @param sameAs id of the entry of the same JVM that counts instead of this one; null for none
 * @param error why it cannot be reached; null if it can
 * @param hint what to do about that
 * @param agent null if there is none, or it has not answered yet
 * @param filters the filters that its agent told of last
 * @param app the application's own counters; null if it has none
 */
public record TargetView(
        long id,
        String name,
        Map<String, String> labels,
        String source,
        String jmxUrl,
        @Nullable String username,
        String host,
        @Nullable Long pid,
        @Nullable Long sameAs,
        TargetState state,
        @Nullable String errorCode,
        @Nullable String error,
        @Nullable String hint,
        @Nullable Instant lastSeen,
        Instant createdAt,
        String createdBy,
        @Nullable Jvm jvm,
        @Nullable Agent agent,
        List<Filter> filters,
        @Nullable App app) {

    /** The JVM itself. */
    public record Jvm(String name, String version, Instant startedAt) {}

    /** Its agent: what of {@link dev.loom.client.AgentInfo} REST promises. */
    public record Agent(
            String version,
            String mode,
            long uptimeMillis,
            int instrumentedClasses,
            int instrumentedMethods,
            Map<String, Integer> skippedMethods,
            long transformTimeMillis,
            double overheadPercent,
            long agentFaults,
            List<String> remarks) {}

    /** A filter in it. */
    public record Filter(String name, String state, double progress, String mode, int stragglers, boolean harmful) {}

    /** The application's own counters. */
    public record App(AppBean bean, long operations, long failures) {}
}
