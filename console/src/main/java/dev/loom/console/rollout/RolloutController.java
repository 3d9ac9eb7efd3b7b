package dev.loom.console.rollout;

import dev.loom.console.deployment.DeploymentView;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** What REST has for roll-outs beyond deployments. */
@RestController
@Tag(name = "deployments")
class RolloutController {

    private final RolloutService rollouts;

    RolloutController(RolloutService rollouts) {
        this.rollouts = rollouts;
    }

    @Operation(summary = "Approves the step that waits for it; not for who ordered the deployment, nor for a token")
    @PostMapping("/api/v1/deployments/{id}/approve")
    DeploymentView approve(@PathVariable long id) {
        return rollouts.approve(id);
    }
}
