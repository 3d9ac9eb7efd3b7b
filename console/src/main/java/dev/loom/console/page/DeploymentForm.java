package dev.loom.console.page;

import dev.loom.console.contract.LoomProblem;
import dev.loom.console.contract.ProblemCode;
import dev.loom.console.deployment.NewDeployment;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * What was chosen to enable a filter.
 *
 * @param budget percent of overhead above which it is set back to observing; empty without a limit
 */
public record DeploymentForm(
        String filter, String version, List<Long> targets, String selector, String mode, String onStraggler, String onHarmful,
        String onDeadlocked, @Nullable Boolean allowEmpty, String rollout, String strategy, String budget) {

    private static final JsonMapper JSON = new JsonMapper();

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
        rollout = or(rollout, "");
        strategy = or(strategy, "");
        budget = or(budget, "");
    }

    private static String or(@Nullable String text, String fallback) {
        return text == null || text.isBlank() ? fallback : text.strip();
    }

    /** The steps that were chosen; null for all JVMs at once. */
    @Nullable Map<String, ?> steps() {
        String json = rollout.equals("own") ? strategy : rollout;
        if (json.isEmpty() && budget.isEmpty()) {
            return null;
        }
        try {
            Map<String, Object> steps = json.isEmpty() ? new LinkedHashMap<>() : JSON.readValue(json, new TypeReference<LinkedHashMap<String, Object>>() {});
            if (!budget.isEmpty()) {
                steps.put("budgetPercent", percent());
            }
            return steps;
        } catch (JacksonException e) {
            throw new LoomProblem(ProblemCode.BAD_OPTION, "The steps are not JSON: " + e.getOriginalMessage() + ".",
                    "For example {\"steps\":[{\"jvms\":1},{\"wait\":\"10m\"},{\"percent\":100}]}.");
        }
    }

    /** In whatever locale a browser writes it. */
    private double percent() {
        try {
            return Double.parseDouble(budget.replace(',', '.').replace("%", "").strip());
        } catch (NumberFormatException e) {
            throw new LoomProblem(ProblemCode.BAD_OPTION, "The overhead budget '" + budget + "' is not a number.", "Give a percentage, 5 for example, or leave it empty.");
        }
    }

    /** The version that was typed. */
    int number() {
        try {
            return Integer.parseInt(version);
        } catch (NumberFormatException e) {
            throw new LoomProblem(ProblemCode.BAD_REQUEST, "'" + version + "' is not a version.",
                    "Leave it empty for the current one.");
        }
    }

    NewDeployment wanted() {
        return new NewDeployment(filter, version.isEmpty() ? null : Integer.valueOf(number()), mode, targets.isEmpty() ? null : targets, selector.isEmpty() ? null : selector,
                onStraggler, onHarmful, onDeadlocked, Boolean.TRUE.equals(allowEmpty));
    }
}
