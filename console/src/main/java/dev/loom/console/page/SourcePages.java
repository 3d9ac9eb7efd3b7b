package dev.loom.console.page;

import dev.loom.console.contract.LoomProblem;
import dev.loom.console.contract.ProblemCode;
import dev.loom.console.finding.Trials;
import dev.loom.console.live.LiveFilter;
import dev.loom.console.live.LiveService;
import dev.loom.console.source.SourceService;
import dev.loom.console.target.TargetService;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
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

/** A class of a JVM, line by line, and the way from two of its lines to a filter that only observes. No thread waits for the JVM. */
@Controller
class SourcePages {

    private final SourceService source;
    private final TargetService targets;
    private final LiveService live;
    private final Proposed proposed;
    private final Trials trials;

    SourcePages(SourceService source, TargetService targets, LiveService live, Proposed proposed, Trials trials) {
        this.source = source;
        this.targets = targets;
        this.live = live;
        this.proposed = proposed;
        this.trials = trials;
    }

    /** Which class is looked at. @param line that is to be seen; 0 for its beginning */
    public record Where(String type, String loader, int line) {

        static Where of(@Nullable String type, @Nullable String loader, @Nullable String line) {
            boolean isLine = line != null && line.matches("\\d{1,5}");
            return new Where(type == null ? "" : type.strip(), loader == null ? "" : loader.strip(), isLine ? Integer.parseInt(line) : 0);
        }

        private static Where of(HttpServletRequest request) {
            return of(request.getParameter("class"), request.getParameter("loader"), request.getParameter("line"));
        }
    }

    @ModelAttribute("currentSection")
    String section() {
        return "targets";
    }

    @GetMapping("/targets/{id:\\d+}/source")
    CompletableFuture<String> page(@PathVariable long id, HttpServletRequest request, Model model, HttpServletResponse response) {
        try {
            List<ChosenRegion> chosen = chosen(request);
            model.addAttribute("chosen", chosen);
            if (!chosen.isEmpty()) {
                model.addAttribute("proposal", ChosenRegion.filter(chosen));
            }
        } catch (LoomProblem problem) {
            response.setStatus(problem.code().status());
            model.addAttribute("problem", Flash.of(problem));
        }
        return show(id, Where.of(request), model);
    }

    private static List<ChosenRegion> chosen(HttpServletRequest request) {
        return ChosenRegion.of(
                request.getParameterValues("m"), request.getParameterValues("from"), request.getParameterValues("to"), request.getParameterValues("by"));
    }

    private CompletableFuture<String> show(long id, Where where, Model model) {
        model.addAttribute("t", targets.get(id));
        model.addAttribute("where", where);
        return where.type().isEmpty() ? CompletableFuture.completedFuture("source") : look(id, where, model).thenApply(done -> "source");
    }

    /** Puts the class into the model, or why it cannot be shown, with names that are like it. */
    private CompletableFuture<Boolean> look(long id, Where where, Model model) {
        List<LiveFilter> filters = live.onTarget(id);
        try {
            return InLocale.handle(source.listing(id, where.type(), where.loader()), (listing, failure) -> {
                if (listing == null) {
                    return away(id, where, InLocale.problem(failure), model);
                }
                SourceNow now = SourceNow.of(listing.type(), filters);
                model.addAttribute("now", now);
                model.addAttribute("s", SourcePage.of(listing, now, where.line()));
                return CompletableFuture.completedFuture(true);
            }).thenCompose(shown -> shown);
        } catch (LoomProblem problem) {
            return away(id, where, problem, model);
        }
    }

    private CompletableFuture<Boolean> away(long id, Where where, LoomProblem problem, Model model) {
        if (problem.code() == ProblemCode.TARGET_NOT_FOUND) {
            throw problem;
        }
        model.addAttribute("away", Flash.of(problem));
        if (problem.code() != ProblemCode.AGENT_REFUSED) {
            return CompletableFuture.completedFuture(false);
        }
        String simple = where.type().substring(where.type().lastIndexOf('.') + 1);
        return source.names(id, where.type()).thenCompose(names -> names.isEmpty() ? source.names(id, simple) : CompletableFuture.completedFuture(names))
                .thenApply(names -> {
                    model.addAttribute("names", names);
                    return false;
                });
    }

    /** What its hooks count now; where other filters are in force than were seen, the lines as well. */
    @GetMapping("/targets/{id:\\d+}/source/now")
    CompletableFuture<String> now(@PathVariable long id, @RequestParam(defaultValue = "") String seen, HttpServletRequest request, Model model) {
        Where where = Where.of(request);
        model.addAttribute("t", targets.get(id));
        model.addAttribute("where", where);
        model.addAttribute("partial", true);
        SourceNow now = SourceNow.of(where.type(), live.onTarget(id));
        model.addAttribute("now", now);
        return now.seen().equals(seen) || where.type().isEmpty() ? CompletableFuture.completedFuture("source :: now")
                : look(id, where, model).thenApply(done -> "source :: now");
    }

    /** The filter of what was chosen; a part of the page. */
    @GetMapping("/targets/{id:\\d+}/source/filter")
    String filter(@PathVariable long id, HttpServletRequest request, Model model) {
        model.addAttribute("t", targets.get(id));
        model.addAttribute("where", Where.of(request));
        try {
            List<ChosenRegion> chosen = chosen(request);
            if (!chosen.isEmpty()) {
                model.addAttribute("proposal", ChosenRegion.filter(chosen));
            }
        } catch (LoomProblem problem) {
            model.addAttribute("notChosen", problem.detail());
        }
        return "source :: proposal";
    }

    /** What this JVM says of the filter; a part of the page, or the page for who has no script. */
    @PostMapping("/targets/{id:\\d+}/source/check")
    @PreAuthorize("hasRole('OPERATOR')")
    CompletableFuture<String> check(
            @PathVariable long id,
            FoundRace.Proposal proposal,
            @RequestHeader(name = "HX-Request", defaultValue = "false") boolean part,
            HttpServletRequest request,
            Model model) {
        CompletableFuture<String> said = proposed.check(id, proposal.named(), model);
        return part ? said : said.thenCompose(view -> kept(id, proposal, request, model));
    }

    private CompletableFuture<String> kept(long id, FoundRace.Proposal proposal, HttpServletRequest request, Model model) {
        model.addAttribute("proposal", proposal.named());
        return show(id, Where.of(request), model);
    }

    @PostMapping("/targets/{id:\\d+}/source/observe")
    @PreAuthorize("hasRole('OPERATOR') and hasRole('AUTHOR')")
    CompletableFuture<String> observe(
            @PathVariable long id, FoundRace.Proposal proposal, HttpServletRequest request, Model model, HttpServletResponse response) {
        FoundRace.Proposal tried = proposal.named();
        try {
            long deployment = trials.observe(id, tried.name(), tried.text(), "Chosen in the source view of");
            return CompletableFuture.completedFuture("redirect:/deployments/" + deployment + "?target=" + id);
        } catch (LoomProblem problem) {
            if (problem.code() == ProblemCode.OUT_OF_SCOPE || problem.code() == ProblemCode.TARGET_NOT_FOUND) {
                throw problem;
            }
            response.setStatus(problem.code().status());
            model.addAttribute("problem", Flash.of(problem));
            model.addAttribute("kept", tried);
            if (!problem.diagnostics().isEmpty()) {
                model.addAttribute("said", Said.of(problem, tried.text()));
            }
            return kept(id, tried, request, model);
        }
    }
}
