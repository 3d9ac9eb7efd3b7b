package dev.loom.ctl.console;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A deployment as the console tells it.
 *
 * @param state the console's word, such as {@code ENABLED}
 * @param rollout null for a deployment that comes to all JVMs at once
 */
public record Deployment(long id, String filter, long version, String mode, String state, double progress, List<InJvm> jvms, @Nullable Rollout rollout) {

    private static final Set<String> BETWEEN = Set.of("RUNNING", "ROLLING_BACK", "SETTING_BACK");

    /** In one JVM; the cause is empty where nothing went wrong. */
    public record InJvm(String name, String state, double progress, long stragglers, String cause) {

        /** Whether the filter does all that it promises there. */
        public boolean isSettled() {
            return state.equals("ACTIVE") || state.equals("OBSERVING");
        }
    }

    /** The steps; the reason is empty where it was not taken back. */
    public record Rollout(String state, String reason, List<Step> steps) {}

    /** One step; the detail says what it waits for. */
    public record Step(String text, String state, String detail) {}

    static Deployment of(Answer a) {
        Answer r = a.member("rollout");
        Rollout rollout = r.members().isEmpty()
                ? null
                : new Rollout(
                        r.text("state"), r.text("reason"),
                        r.items("steps").stream().map(s -> new Step(s.text("text"), s.text("state"), s.text("detail"))).toList());
        return new Deployment(
                a.number("id"), a.text("filter"), a.number("version"), a.text("mode"), a.text("state"), a.share("progress"),
                a.items("jvms").stream()
                        .map(j -> new InJvm(j.text("targetName"), j.text("state"), j.share("progress"), j.number("stragglers"), j.text("cause")))
                        .toList(),
                rollout);
    }

    /** Whether the console is still at work on it. */
    public boolean isAtWork() {
        boolean between = rollout != null && BETWEEN.contains(rollout.state());
        return between && !state.equals("PAUSED") || state.equals("ENABLING") || isLeaving();
    }

    private boolean isLeaving() {
        return state.equals("DISABLING") || state.equals("ABORTING");
    }

    /** Whether it is in force in all its JVMs, and all its steps are done. */
    public boolean isEnabled() {
        return state.equals("ENABLED") && !isAtWork() && (rollout == null || rollout.state().equals("DONE"));
    }

    /** Whether it observes in all its JVMs. */
    public boolean isObserving() {
        return state.equals("ENABLED") && !isAtWork() && mode.equals("observe");
    }

    /** Whether it is taken back everywhere. */
    public boolean isDisabled() {
        return state.equals("DISABLED") || state.equals("ABORTED");
    }
}
