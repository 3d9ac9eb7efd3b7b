package dev.loom.console.deployment;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A deployment as users see it.
 *
 * @param mode {@code enforce} or {@code observe}
 * @param progress mean of the JVMs, 0 to 1
 * @param rollout the steps in which it comes to its JVMs; null without steps, and in lists
 */
public record DeploymentView(
        long id,
        String filter,
        int version,
        String mode,
        String onStraggler,
        String onHarmful,
        String onDeadlocked,
        @Nullable String selector,
        DeploymentState state,
        double progress,
        Instant createdAt,
        String createdBy,
        Instant updatedAt,
        @Nullable Instant endedAt,
        List<JvmProgress> jvms,
        @Nullable RolloutView rollout) {

    /** Whether nothing follows. */
    @JsonIgnore
    public boolean isEnded() {
        return endedAt != null;
    }
}
