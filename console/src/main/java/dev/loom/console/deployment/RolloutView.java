package dev.loom.console.deployment;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The steps in which a deployment comes to its JVMs.
 *
 * @param state {@code RUNNING}, {@code ROLLING_BACK}, {@code SETTING_BACK}, {@code SET_BACK} (a guard or the budget had it observe instead), {@code DONE} or
 *     {@code ABORTED}
 * @param reason why it was taken or set back; empty if it was not
 * @param jvms how many JVMs there are to come to, now
 * @param until how long the filter stays; null for as long as nobody takes it off
 * @param remainingMillis of that; null without it
 */
public record RolloutView(
        String state, String reason, int jvms, List<StepView> steps, List<String> guards, @Nullable String until, @Nullable Long remainingMillis) {

    /**
     * One step.
     *
     * @param state {@code PENDING}, {@code RUNNING}, {@code WAITING}, {@code APPROVAL}, {@code DONE} or {@code ABORTED}
     * @param detail what it waits for; empty if it does not
     */
    public record StepView(String text, String state, String detail) {}
}
