package dev.loom.console.page;

import dev.loom.console.deployment.DeploymentService;
import dev.loom.console.live.InterleavingService;
import java.util.concurrent.CompletableFuture;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;

/** The part of a deployment's page that shows which interleavings its filter prevented last in a JVM. No thread waits for the JVM. */
@Controller
class TimelinePages {

    private final DeploymentService deployments;
    private final InterleavingService interleavings;

    TimelinePages(DeploymentService deployments, InterleavingService interleavings) {
        this.deployments = deployments;
        this.interleavings = interleavings;
    }

    @GetMapping("/deployments/{id:\\d+}/targets/{target:\\d+}/interleavings")
    CompletableFuture<String> seen(@PathVariable long id, @PathVariable long target, Model model) {
        return InLocale.handle(interleavings.of(target, deployments.filterOf(id)), (seen, failure) -> {
            if (seen == null) {
                model.addAttribute("untold", InLocale.problem(failure).detail());
            } else {
                model.addAttribute("timeline", Timeline.of(seen));
            }
            return "timeline :: seen";
        });
    }
}
