package dev.loom.console.page;

import dev.loom.client.FilterState;
import dev.loom.console.target.TargetView;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A JVM in a list. */
public record TargetRow(
        long id,
        String name,
        String state,
        Map<String, String> labels,
        @Nullable Integer filters,
        @Nullable Double overhead,
        String agent,
        String mode,
        @Nullable Instant lastSeen,
        String error,
        @Nullable Long sameAs) {

    static TargetRow of(TargetView t) {
        TargetView.Agent agent = t.agent();
        return new TargetRow(
                t.id(),
                t.name(),
                t.state().name(),
                t.labels(),
                agent == null ? null : (int) t.filters().stream().filter(f -> !isEnd(f.state())).count(),
                agent == null ? null : agent.overheadPercent(),
                agent == null ? "" : agent.version(),
                agent == null ? "" : mode(agent),
                t.lastSeen(),
                t.error() == null ? "" : t.error(),
                t.sameAs());
    }

    static String mode(TargetView.Agent agent) {
        return agent.mode().equals("ATTACHED") ? "attached" : "at start";
    }

    static boolean isEnd(String state) {
        return FilterState.of(state).isEnd();
    }
}
