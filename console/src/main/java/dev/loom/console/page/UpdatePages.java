package dev.loom.console.page;

import dev.loom.console.deployment.Updates;
import java.util.List;
import java.util.stream.Collectors;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** Brings another version of a filter to where it is enabled. */
@Controller
class UpdatePages {

    private final Updates updates;

    UpdatePages(Updates updates) {
        this.updates = updates;
    }

    @PostMapping("/filters/{name}/update")
    @PreAuthorize("hasRole('OPERATOR')")
    String update(
            @PathVariable String name, @RequestParam int version, @RequestParam(defaultValue = "") String rollout, RedirectAttributes redirect) {
        DeploymentForm steps = new DeploymentForm(name, "", List.of(), "", "", "", "", "", false, rollout, "", "");
        Updates.Result done = updates.update(name, version, steps.steps());
        if (done.left().isEmpty()) {
            Flash.done(redirect, done.updated().size() == 1 ? "The update is on its way." : "Updates of " + done.updated().size() + " deployments are on their way.");
        } else {
            redirect.addFlashAttribute("flash", new Flash(
                    done.updated().isEmpty() ? "bad" : "warn", done.updated().size() + " updated, " + done.left().size() + " left as they are.",
                    done.left().stream().map(l -> "Deployment " + l.deployment() + ": " + l.why()).collect(Collectors.joining(" "))));
        }
        if (done.updated().size() == 1 && done.left().isEmpty()) {
            return "redirect:/deployments/" + done.updated().get(0).deployment();
        }
        redirect.addAttribute("name", name);
        return "redirect:/filters/{name}";
    }
}
