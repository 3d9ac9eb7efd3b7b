package dev.loom.console.page;

import dev.loom.client.FindStatus;
import dev.loom.client.Suggestion;
import dev.loom.console.contract.LoomProblem;
import dev.loom.console.contract.Page;
import dev.loom.console.contract.ProblemCode;
import dev.loom.console.finding.FindService;
import dev.loom.console.finding.Trials;
import dev.loom.console.metrics.HistoryService;
import dev.loom.console.target.TargetService;
import dev.loom.console.target.TargetState;
import dev.loom.console.target.TargetView;
import dev.loom.console.thread.ThreadDumps;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.multipart.MultipartFile;

/** Finding a race in a JVM, and the way from there to a filter that only observes. No thread waits for the JVM. */
@Controller
class FindPages {

    private final FindService finding;
    private final Trials trials;
    private final TargetService targets;
    private final Proposed proposed;
    private final HistoryService history;
    private final ThreadDumps dumps;

    FindPages(FindService finding, Trials trials, TargetService targets, Proposed proposed, HistoryService history, ThreadDumps dumps) {
        this.finding = finding;
        this.trials = trials;
        this.targets = targets;
        this.proposed = proposed;
        this.history = history;
        this.dumps = dumps;
    }

    @ModelAttribute("currentSection")
    String section() {
        return "targets";
    }

    /** A JVM to choose. @param failures its own count, per second; null where it counts none */
    public record Candidate(TargetRow jvm, @Nullable Double failures) {}

    @GetMapping("/find")
    String choose(Model model) {
        model.addAttribute(
                "jvms",
                targets.list("", 0, Page.MAX_SIZE).items().stream().filter(t -> t.state() == TargetState.REACHABLE && t.sameAs() == null)
                        .map(t -> new Candidate(TargetRow.of(t), history.failuresPerSecond(t.id())))
                        .sorted(Comparator.comparingDouble(c -> c.failures() == null ? 0 : -c.failures())).toList());
        return "find-where";
    }

    @GetMapping("/targets/{id:\\d+}/find")
    CompletableFuture<String> page(@PathVariable long id, @RequestParam(defaultValue = "") String classes, Model model) {
        return show(id, FindForm.USUAL.in(classes), model);
    }

    private CompletableFuture<String> show(long id, FindForm form, Model model) {
        TargetView target = targets.get(id);
        model.addAttribute("t", target);
        CompletableFuture<String> proposed =
                form.classes().isEmpty() ? finding.proposedClasses(id) : CompletableFuture.completedFuture(form.classes());
        return look(id, model).thenCombine(proposed, (last, classes) -> {
            model.addAttribute("form", form.in(form.classes().isEmpty() && !last.isEmpty() ? last : classes));
            return "find";
        });
    }

    /** Puts how the search goes into the model, or why that is not known; answers what was last looked at. */
    private CompletableFuture<String> look(long id, Model model) {
        return InLocale.handle(finding.status(id), (status, failure) -> {
            model.addAttribute("s", status == null ? FindPage.NONE : FindPage.of(status));
            if (failure != null) {
                model.addAttribute("away", Flash.of(InLocale.problem(failure)));
            }
            return status == null ? "" : status.classes().replace(";", " ");
        });
    }

    @GetMapping("/targets/{id:\\d+}/find/now")
    CompletableFuture<String> now(@PathVariable long id, @RequestParam(defaultValue = "") String seen, Model model) {
        model.addAttribute("t", targets.get(id));
        model.addAttribute("partial", true);
        model.addAttribute("seen", seen);
        return look(id, model).thenApply(last -> "find :: now");
    }

    @PostMapping("/targets/{id:\\d+}/find")
    @PreAuthorize("hasRole('OPERATOR')")
    CompletableFuture<String> start(@PathVariable long id, FindForm form, Model model, HttpServletResponse response) {
        try {
            return finding.start(id, form.wanted()).handle((begun, failure) -> failure).thenCompose(failure -> failure == null
                    ? CompletableFuture.completedFuture("redirect:/targets/" + id + "/find")
                    : refused(InLocale.problem(failure), id, form, model, response));
        } catch (LoomProblem problem) {
            return refused(problem, id, form, model, response);
        }
    }

    private CompletableFuture<String> refused(LoomProblem problem, long id, FindForm form, Model model, HttpServletResponse response) {
        if (problem.code() == ProblemCode.OUT_OF_SCOPE || problem.code() == ProblemCode.TARGET_NOT_FOUND) {
            throw problem;
        }
        response.setStatus(problem.code().status());
        model.addAttribute("problem", Flash.of(problem));
        return show(id, form, model);
    }

    @PostMapping("/targets/{id:\\d+}/find/stop")
    @PreAuthorize("hasRole('OPERATOR')")
    CompletableFuture<String> stop(@PathVariable long id) {
        return finding.stop(id).thenApply(ended -> "redirect:/targets/" + id + "/find");
    }

    /** What this JVM proposes for what somebody pasted or sent as a file: stack traces, a thread dump, a report, a recording. */
    @PostMapping("/targets/{id:\\d+}/find/suggest")
    @PreAuthorize("hasRole('OPERATOR')")
    CompletableFuture<String> suggest(
            @PathVariable long id,
            @RequestParam(defaultValue = "") String traces,
            @RequestParam(required = false) @Nullable MultipartFile file,
            Model model,
            HttpServletResponse response)
            throws IOException {
        boolean isFile = file != null && !file.isEmpty();
        model.addAttribute("traces", isFile ? "" : traces);
        try (InputStream sent = isFile ? file.getInputStream() : InputStream.nullInputStream()) {
            CompletableFuture<List<Suggestion>> answer = isFile ? finding.suggest(id, sent) : finding.suggest(id, traces);
            return proposed(answer, id, model, response);
        } catch (LoomProblem problem) {
            return refused(problem, id, FindForm.USUAL, model, response);
        }
    }

    /** What this JVM proposes for a thread dump of it: for all of it, or for two of its threads. */
    @PostMapping("/targets/{id:\\d+}/threads/suggest")
    @PreAuthorize("hasRole('OPERATOR')")
    CompletableFuture<String> suggest(
            @PathVariable long id, @RequestParam(defaultValue = "0") long dump, @RequestParam(defaultValue = "") List<Long> thread,
            @RequestParam(defaultValue = "false") boolean two, Model model, HttpServletResponse response) {
        model.addAttribute("dump", dump);
        model.addAttribute("about", two ? "for these two stacks" : "for this dump");
        try {
            String text = two ? dumps.twoOf(id, dump, thread) : dumps.evidence(id, dump);
            model.addAttribute("traces", two ? text : null);
            return proposed(finding.suggest(id, text), id, model, response);
        } catch (LoomProblem problem) {
            return refused(problem, id, FindForm.USUAL, model, response);
        }
    }

    private CompletableFuture<String> proposed(CompletableFuture<List<Suggestion>> answer, long id, Model model, HttpServletResponse response) {
        return answer.handle((proposed, failure) -> {
            if (failure != null) {
                return refused(InLocale.problem(failure), id, FindForm.USUAL, model, response);
            }
            model.addAttribute("suggested", Proposals.of(proposed));
            return show(id, FindForm.USUAL, model);
        }).thenCompose(page -> page);
    }

    // From a proposal to a filter that observes -------------------------------------------------------------------------------

    /** What this JVM says of a proposal; a part of the page, or the page for who has no script. */
    @PostMapping("/targets/{id:\\d+}/find/check")
    @PreAuthorize("hasRole('OPERATOR')")
    CompletableFuture<String> check(
            @PathVariable long id,
            FoundRace.Proposal proposal,
            @RequestHeader(name = "HX-Request", defaultValue = "false") boolean part,
            Model model,
            HttpServletResponse response) {
        CompletableFuture<String> said = proposed.check(id, proposal.named(), model);
        return part ? said : said.thenCompose(view -> show(id, FindForm.USUAL, model));
    }

    @PostMapping("/targets/{id:\\d+}/find/observe")
    @PreAuthorize("hasRole('OPERATOR') and hasRole('AUTHOR')")
    CompletableFuture<String> observe(@PathVariable long id, FoundRace.Proposal proposal, Model model, HttpServletResponse response) {
        FoundRace.Proposal tried = proposal.named();
        try {
            long deployment = trials.observe(id, tried.name(), tried.text(), "From a race that was found in");
            return CompletableFuture.completedFuture("redirect:/deployments/" + deployment + "?target=" + id);
        } catch (LoomProblem problem) {
            model.addAttribute("kept", tried);
            if (!problem.diagnostics().isEmpty()) {
                model.addAttribute("said", Said.of(problem, tried.text()));
            }
            return refused(problem, id, FindForm.USUAL, model, response);
        }
    }
}
