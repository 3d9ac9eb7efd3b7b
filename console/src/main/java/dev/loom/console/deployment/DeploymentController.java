package dev.loom.console.deployment;

import dev.loom.console.contract.LoomProblem;
import dev.loom.console.contract.Page;
import dev.loom.console.contract.ProblemCode;
import dev.loom.console.stream.LongPolls;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.Authentication;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.request.async.DeferredResult;

/** Deployments over REST. {@code wait} seconds of patience make the answer tell how it went. */
@RestController
@RequestMapping("/api/v1/deployments")
@Tag(name = "deployments")
class DeploymentController {

    private final DeploymentService deployments;
    private final LongPolls waiting;
    private final Rollouts rollouts;
    private final DeploymentTargets deploymentTargets;
    private final DryRuns dryRuns;
    private final Updates updates;

    DeploymentController(DeploymentService deployments, LongPolls waiting, Rollouts rollouts, DeploymentTargets deploymentTargets, DryRuns dryRuns,
            Updates updates) {
        this.deployments = deployments;
        this.waiting = waiting;
        this.rollouts = rollouts;
        this.deploymentTargets = deploymentTargets;
        this.dryRuns = dryRuns;
        this.updates = updates;
    }

    record DeploymentBody(
            @Nullable String filter,
            @Nullable Integer version,
            @Nullable String mode,
            @Nullable List<Long> targets,
            @Nullable String selector,
            @Nullable Options options,
            @Nullable Boolean allowEmpty,
            @Nullable Map<String, Object> strategy) {

        NewDeployment wanted() {
            if (filter == null || filter.isBlank()) {
                throw new LoomProblem(ProblemCode.BAD_REQUEST, "The filter's name is missing.");
            }
            return new NewDeployment(
                    filter,
                    version,
                    mode,
                    targets,
                    selector,
                    options == null ? null : options.onStraggler(),
                    options == null ? null : options.onHarmful(),
                    options == null ? null : options.onDeadlocked(),
                    Boolean.TRUE.equals(allowEmpty));
        }
    }

    /** Whether the JVMs are taken in steps, and not all at once. */
    private static boolean hasSteps(DeploymentBody body) {
        return body.strategy() != null && !body.strategy().isEmpty() && !Map.of("type", "all-at-once").equals(body.strategy());
    }

    /** The policies, under the names that the control tool and the agent use. */
    record Options(
            @com.fasterxml.jackson.annotation.JsonProperty("on-straggler") @Nullable String onStraggler,
            @com.fasterxml.jackson.annotation.JsonProperty("on-harmful") @Nullable String onHarmful,
            @com.fasterxml.jackson.annotation.JsonProperty("on-deadlocked") @Nullable String onDeadlocked) {}

    @Operation(summary = "Enables a filter in JVMs, all at once or in the steps of a strategy")
    @PostMapping
    DeferredResult<ResponseEntity<DeploymentView>> create(
            @RequestBody DeploymentBody body, @RequestParam(defaultValue = "0") int wait, Authentication caller) {
        long id = hasSteps(body) ? rollouts.start(body.wanted(), body.strategy()) : deployments.create(body.wanted()).id();
        return waiting.until(
                () -> deployments.state(id), state -> !state.isAtWork(), wait, caller.getName(),
                state -> ResponseEntity.created(URI.create("/api/v1/deployments/" + id)).body(deployments.get(id)));
    }

    @Operation(summary = "What a deployment would do in each JVM: what the agent says of the text, pins, and what would be woven; nothing is stored")
    @PostMapping("/dry-run")
    CompletableFuture<DryRun> dryRun(@RequestBody DryRunBody body) {
        DeploymentBody order = new DeploymentBody(body.filter(), body.version(), body.mode(), body.targets(), body.selector(), body.options(), true, null);
        return dryRuns.run(order.wanted(), body.text());
    }

    /** As for a deployment; {@code text} for one that is not stored yet. */
    record DryRunBody(
            @Nullable String filter,
            @Nullable Integer version,
            @Nullable String text,
            @Nullable String mode,
            @Nullable List<Long> targets,
            @Nullable String selector,
            @Nullable Options options) {}

    record UpdateBody(@Nullable String filter, @Nullable Integer version, @Nullable Map<String, Object> strategy) {}

    @Operation(summary = "Replaces a filter by another version wherever it is enabled, in the same mode and with the same policies")
    @PostMapping("/update")
    Updates.Result update(@RequestBody UpdateBody body) {
        if (body.filter() == null || body.filter().isBlank()) {
            throw new LoomProblem(ProblemCode.BAD_REQUEST, "The filter's name is missing.");
        }
        return updates.update(body.filter(), body.version(), body.strategy());
    }

    @Operation(summary = "Deployments, newest first")
    @GetMapping
    Page<DeploymentView> list(
            @RequestParam(required = false) @Nullable String filter,
            @RequestParam(required = false) @Nullable Boolean ended,
            @RequestParam(defaultValue = "0") int page,
            @RequestParam(defaultValue = "50") int size) {
        return deployments.list(filter, ended, page, size);
    }

    @Operation(summary = "Which JVMs a selector takes now; nothing is enabled")
    @GetMapping("/preview")
    SelectorPreview preview(@RequestParam String selector) {
        return deploymentTargets.preview(selector);
    }

    @Operation(summary = "One deployment, with its progress in each JVM")
    @GetMapping("/{id}")
    DeferredResult<DeploymentView> get(
            @PathVariable long id, @RequestParam(defaultValue = "0") int wait, Authentication caller) {
        return settled(id, wait, caller);
    }

    @Operation(summary = "Disables the filter in the deployment's JVMs")
    @DeleteMapping("/{id}")
    DeferredResult<DeploymentView> disable(
            @PathVariable long id, @RequestParam(defaultValue = "0") int wait, Authentication caller) {
        deployments.disable(id);
        return settled(id, wait, caller);
    }

    @Operation(summary = "Goes on to no further JVM")
    @PostMapping("/{id}/pause")
    DeploymentView pause(@PathVariable long id) {
        return deployments.pause(id);
    }

    @Operation(summary = "Goes on after a pause")
    @PostMapping("/{id}/resume")
    DeploymentView resume(@PathVariable long id) {
        return deployments.resume(id);
    }

    @Operation(summary = "Takes the deployment back")
    @PostMapping("/{id}/abort")
    DeferredResult<DeploymentView> abort(
            @PathVariable long id, @RequestParam(defaultValue = "0") int wait, Authentication caller) {
        deployments.abort(id);
        return settled(id, wait, caller);
    }

    @Operation(summary = "Goes to the next step: from observing to enforcing")
    @PostMapping("/{id}/promote")
    DeferredResult<DeploymentView> promote(
            @PathVariable long id, @RequestParam(defaultValue = "0") int wait, Authentication caller) {
        deployments.promote(id);
        return settled(id, wait, caller);
    }

    @Operation(summary = "Goes back from enforcing to observing")
    @PostMapping("/{id}/observe")
    DeferredResult<DeploymentView> observe(
            @PathVariable long id, @RequestParam(defaultValue = "0") int wait, Authentication caller) {
        deployments.observe(id);
        return settled(id, wait, caller);
    }

    private DeferredResult<DeploymentView> settled(long id, int seconds, Authentication caller) {
        return waiting.until(() -> deployments.state(id), state -> !state.isAtWork(), seconds, caller.getName(), state -> deployments.get(id));
    }
}
