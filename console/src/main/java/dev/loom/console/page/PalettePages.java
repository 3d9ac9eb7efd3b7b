package dev.loom.console.page;

import dev.loom.console.contract.LoomProblem;
import dev.loom.console.deployment.DeploymentService;
import dev.loom.console.deployment.DeploymentView;
import dev.loom.console.filter.FilterService;
import dev.loom.console.filter.FilterSummary;
import dev.loom.console.target.TargetService;
import dev.loom.console.target.TargetView;
import java.util.ArrayList;
import java.util.List;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseBody;
import org.springframework.web.util.UriUtils;

/** What the command palette (Ctrl-K) finds beyond the pages: filters, JVMs and deployments, each with its address. */
@Controller
class PalettePages {

    private static final int MOST_EACH = 6;

    private final FilterService filters;
    private final TargetService targets;
    private final DeploymentService deployments;

    PalettePages(FilterService filters, TargetService targets, DeploymentService deployments) {
        this.filters = filters;
        this.targets = targets;
        this.deployments = deployments;
    }

    /** Something to go to; {@code href} is below the context path. */
    record Item(String kind, String text, String detail, String href) {}

    @GetMapping("/palette")
    @ResponseBody
    List<Item> find(@RequestParam(defaultValue = "") String q, @ModelAttribute("shell") Viewer shell) {
        String wanted = q.strip();
        List<Item> found = new ArrayList<>();
        if (wanted.isEmpty() || wanted.length() > 200) {
            return found;
        }
        if (wanted.matches("#?\\d{1,15}")) {
            deployment(Long.parseLong(wanted.replace("#", "")), found);
        }
        for (FilterSummary filter : filters.list(wanted, 0, MOST_EACH).items()) {
            String path = UriUtils.encodePathSegment(filter.name(), "UTF-8");
            found.add(new Item("Filter", filter.name(), "version " + filter.version(), "/filters/" + path));
            if (shell.isOperator()) {
                found.add(new Item("Enable", filter.name(), "on JVMs", "/deployments/new?filter=" + UriUtils.encodeQueryParam(filter.name(), "UTF-8")));
            }
        }
        for (TargetView jvm : targets.list(wanted, 0, MOST_EACH).items()) {
            found.add(new Item("JVM", jvm.name(), jvm.state().name().replace('_', ' '), "/targets/" + jvm.id()));
            found.add(new Item("Source", jvm.name(), "classes line by line", "/targets/" + jvm.id() + "/source"));
            found.add(new Item("Find a race", jvm.name(), "in this JVM", "/targets/" + jvm.id() + "/find"));
            found.add(new Item("Threads", jvm.name(), "of this JVM", "/targets/" + jvm.id() + "/threads"));
        }
        return found;
    }

    private void deployment(long id, List<Item> found) {
        try {
            DeploymentView deployment = deployments.get(id);
            found.add(new Item("Deployment", id + ": " + deployment.filter(), deployment.state().name(), "/deployments/" + id));
        } catch (LoomProblem none) {
            // a number that is no deployment's may be part of a name
        }
    }
}
