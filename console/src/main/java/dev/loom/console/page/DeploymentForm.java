package dev.loom.console.page;

import dev.loom.console.contract.LoomProblem;
import dev.loom.console.contract.ProblemCode;
import dev.loom.console.deployment.NewDeployment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What was chosen to enable a filter. */
public record DeploymentForm(
        String filter, String version, List<Long> targets, String selector, String mode, String onStraggler, String onHarmful,
        String onDeadlocked, @Nullable Boolean allowEmpty) {

    public DeploymentForm {
        filter = or(filter, "");
        version = or(version, "");
        targets = targets == null ? List.of() : List.copyOf(targets);
        selector = or(selector, "");
        mode = or(mode, "enforce");
        onStraggler = or(onStraggler, "wait");
        onHarmful = or(onHarmful, "keep");
        onDeadlocked = or(onDeadlocked, "wait");
        allowEmpty = Boolean.TRUE.equals(allowEmpty);
    }

    private static String or(@Nullable String text, String fallback) {
        return text == null || text.isBlank() ? fallback : text.strip();
    }

    NewDeployment wanted() {
        Integer number = null;
        try {
            number = version.isEmpty() ? null : Integer.valueOf(version);
        } catch (NumberFormatException e) {
            throw new LoomProblem(ProblemCode.BAD_REQUEST, "'" + version + "' is not a version.",
                    "Leave it empty for the current one.");
        }
        return new NewDeployment(filter, number, mode, targets.isEmpty() ? null : targets, selector.isEmpty() ? null : selector,
                onStraggler, onHarmful, onDeadlocked, Boolean.TRUE.equals(allowEmpty));
    }
}
