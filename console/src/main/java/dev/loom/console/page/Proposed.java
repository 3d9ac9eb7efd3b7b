package dev.loom.console.page;

import dev.loom.console.contract.LoomProblem;
import dev.loom.console.deployment.DryRun;
import dev.loom.console.deployment.DryRuns;
import dev.loom.console.deployment.NewDeployment;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.springframework.stereotype.Component;
import org.springframework.ui.Model;

/** Proposed filters, and what a JVM says of them. */
@Component
class Proposed {

    private final DryRuns dryRuns;

    Proposed(DryRuns dryRuns) {
        this.dryRuns = dryRuns;
    }

    /** Has a JVM check one, and puts what it says into the model; answers the part of a page that shows it. */
    CompletableFuture<String> check(long id, FoundRace.Proposal tried, Model model) {
        model.addAttribute("kept", tried);
        return InLocale.handle(run(id, tried), (run, failure) -> {
            model.addAttribute("said", run == null ? Said.of(InLocale.problem(failure), tried.text()) : Said.of(run, tried.text()));
            return "find :: said";
        });
    }

    private CompletableFuture<DryRun> run(long id, FoundRace.Proposal tried) {
        try {
            String name = tried.name().isBlank() ? "found" : tried.name();
            return dryRuns.run(new NewDeployment(name, null, "observe", List.of(id), null, null, null, null, false), tried.text());
        } catch (LoomProblem problem) {
            return CompletableFuture.failedFuture(problem);
        }
    }
}
