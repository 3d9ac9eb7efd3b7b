package dev.loom.console.page;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.loom.console.audit.EventLog;
import dev.loom.console.audit.EventQuery;
import dev.loom.console.contract.LoomProblem;
import dev.loom.console.contract.Page;
import dev.loom.console.deployment.DeploymentService;
import dev.loom.console.deployment.DeploymentTargets;
import dev.loom.console.deployment.DeploymentView;
import dev.loom.console.deployment.DryRuns;
import dev.loom.console.deployment.JvmProgress;
import dev.loom.console.deployment.JvmState;
import dev.loom.console.filter.FilterService;
import dev.loom.console.filter.FilterSummary;
import dev.loom.console.filter.FilterVersionView;
import dev.loom.console.live.LiveFilter;
import dev.loom.console.live.LiveService;
import dev.loom.console.metrics.History;
import dev.loom.console.metrics.HistoryService;
import dev.loom.console.rollout.RolloutService;
import dev.loom.console.scope.Scope;
import dev.loom.console.target.TargetService;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseBody;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** Deployments: the list, enabling a filter, and one while it happens. */
@Controller
class DeploymentPages {

    private static final int SIZE = 50;
    private static final int EVENTS = 15;
    /** Most JVMs that a deployment's page lists; those that want a look come first. */
    private static final int MOST_ROWS = 50;
    /** Versions to choose from; older ones are enabled from their own page. */
    private static final int MOST_VERSIONS = 100;
    /** Most moments that a chart marks; the newest. */
    private static final int MOST_MARKS = 40;
    /** Longest time that a chart shows, minutes. */
    private static final int MOST_MINUTES = 7 * 24 * 60;
    /** What a chart may show, minutes. */
    private static final List<Integer> SPANS = List.of(5, 15, 60, 1440);
    /** After which stragglers may be answered by taking the filter back. */
    private static final List<String> TIMES = List.of("30s", "75s", "5m", "30m");
    /** States that a page opens on, before those where all is well. */
    /** What is looked at first: what went wrong, what is under way, what can be watched. */
    private static final List<JvmState> INTERESTING = List.of(JvmState.FAILED, JvmState.REJECTED, JvmState.UNREACHABLE,
            JvmState.EVACUATING, JvmState.REMOVING, JvmState.ACTIVE, JvmState.OBSERVING, JvmState.ACCEPTED);

    /** Steps that suit most; whoever wants others writes them. */
    static final List<Choice> ROLLOUTS = List.of(
            new Choice("", "all at once"),
            new Choice(
                    "{\"steps\":[{\"jvms\":1},{\"wait\":\"10m\"},{\"percent\":10},{\"wait\":\"10m\"},{\"percent\":100}],\"guards\":[{\"bypasses\":0},"
                            + "{\"overheadPercent\":5},{\"stragglers\":0,\"for\":\"75s\"}]}",
                    "1 JVM, 10 %, all, with 10 minutes between; back if it goes wrong"),
            new Choice(
                    "{\"steps\":[{\"jvms\":1},{\"approve\":true},{\"percent\":100}],\"guards\":[{\"bypasses\":0},{\"overheadPercent\":5}]}",
                    "1 JVM, then all when another person approves"),
            new Choice("own", "in steps of your own"));

    private final DeploymentService deployments;
    private final FilterService filters;
    private final TargetService targets;
    private final LiveService live;
    private final HistoryService history;
    private final EventLog events;
    private final Journal journal;
    private final RolloutService rollouts;
    private final DeploymentTargets deploymentTargets;
    private final DryRuns dryRuns;
    private final Verdicts verdicts;

    DeploymentPages(
            DeploymentService deployments, FilterService filters, TargetService targets, LiveService live,
                    HistoryService history, EventLog events, Journal journal, RolloutService rollouts,
                    DeploymentTargets deploymentTargets, DryRuns dryRuns, Verdicts verdicts) {
        this.deployments = deployments;
        this.filters = filters;
        this.targets = targets;
        this.live = live;
        this.history = history;
        this.events = events;
        this.journal = journal;
        this.rollouts = rollouts;
        this.deploymentTargets = deploymentTargets;
        this.dryRuns = dryRuns;
        this.verdicts = verdicts;
    }

    @ModelAttribute("currentSection")
    String section() {
        return "deployments";
    }

    @GetMapping("/deployments")
    String list(
            @RequestParam(defaultValue = "") String filter,
            @RequestParam(defaultValue = "current") String show,
            @RequestParam(defaultValue = "0") int page,
            Model model) {
        Boolean ended = switch (show) {
            case "ended" -> Boolean.TRUE;
            case "all" -> null;
            default -> Boolean.FALSE;
        };
        model.addAttribute("deployments", deployments.summaries(filter.isBlank() ? null : filter.strip(), ended, page, SIZE)
                .map(DeploymentRow::of));
        model.addAttribute("filters", filters.list("", 0, Page.MAX_SIZE).items().stream().map(FilterSummary::name).toList());
        model.addAttribute("filter", filter);
        model.addAttribute("show", show);
        model.addAttribute("shows",
                List.of(new Choice("current", "In force"), new Choice("ended", "Ended"), new Choice("all", "All")));
        model.addAttribute("filtered", !filter.isBlank() || !show.equals("current"));
        model.addAttribute("query", Query.of("filter", filter, "show", show));
        return "deployments";
    }

    // Enabling -----------------------------------------------------------------------------------------------------------------

    @GetMapping("/deployments/new")
    @PreAuthorize("hasRole('OPERATOR')")
    String fresh(
            @RequestParam(defaultValue = "") String filter,
            @RequestParam(defaultValue = "") String version,
            @RequestParam(required = false) @Nullable Long target,
            @RequestParam(required = false) @Nullable Long again,
            Model model) {
        List<Long> chosen = target == null ? List.of() : List.of(target);
        DeploymentForm form = new DeploymentForm(filter, version, chosen, "", "", "", "", "", false, "", "", "");
        if (again != null) {
            DeploymentView before = deployments.get(again);
            List<Long> same = before.selector() == null ? before.jvms().stream().map(JvmProgress::targetId).toList() : List.of();
            form = new DeploymentForm(
                    before.filter(), String.valueOf(before.version()), same, before.selector(), before.mode(),
                            before.onStraggler(), before.onHarmful(), before.onDeadlocked(), before.selector() != null, "", "", "");
        }
        return form(form, model);
    }

    /** The choices of a version, for the filter that was chosen. */
    @GetMapping("/deployments/new/versions")
    @PreAuthorize("hasRole('OPERATOR')")
    String versions(@RequestParam(defaultValue = "") String filter, Model model) {
        versions(new DeploymentForm(filter, "", List.of(), "", "", "", "", "", false, "", "", ""), filter, model);
        return "deployment-new :: versions";
    }

    private void versions(DeploymentForm form, String filter, Model model) {
        boolean isThere = !filters.existing(Set.of(filter)).isEmpty();
        List<FilterVersionView> versions = isThere ? filters.versions(filter, 0, MOST_VERSIONS).items() : List.of();
        model.addAttribute("form", form);
        model.addAttribute("versions", versions);
        model.addAttribute("older", !form.version().isEmpty() && versions.stream().noneMatch(v -> form.version().equals(String.valueOf(v.version()))));
    }

    private String form(DeploymentForm form, Model model) {
        List<String> names = filters.list("", 0, Page.MAX_SIZE).items().stream().map(FilterSummary::name).toList();
        model.addAttribute("filters", names);
        // a browser shows the first where none was chosen
        versions(form, names.contains(form.filter()) || names.isEmpty() ? form.filter() : names.get(0), model);
        Scope scope = Scope.current();
        model.addAttribute(
                "targets", targets.list("", 0, Page.MAX_SIZE).items().stream().filter(t -> scope.covers(t.labels()) && t.sameAs() == null).map(TargetRow::of).toList());
        model.addAttribute("times", TIMES);
        model.addAttribute("rollouts", ROLLOUTS);
        return "deployment-new";
    }

    @PostMapping("/deployments")
    @PreAuthorize("hasRole('OPERATOR')")
    String create(DeploymentForm form, Model model, HttpServletResponse response) {
        try {
            Map<String, ?> steps = form.steps();
            return "redirect:/deployments/" + (steps == null ? deployments.create(form.wanted()).id() : rollouts.start(form.wanted(), steps));
        } catch (LoomProblem problem) {
            response.setStatus(problem.code().status());
            model.addAttribute("problem", Flash.of(problem));
            if (problem.diagnostics().stream().anyMatch(r -> r.line() > 0)) {
                model.addAttribute("check", CheckView.of(problem.diagnostics(), text(form), ""));
            }
            return form(form, model);
        }
    }

    /** As {@link #create}, without doing it. No thread waits for the JVMs. */
    @PostMapping("/deployments/dry-run")
    @PreAuthorize("hasRole('OPERATOR')")
    CompletableFuture<String> dryRun(DeploymentForm form, Model model, HttpServletResponse response) {
        try {
            form.steps();
            form(form, model);
            String text = text(form);
            return dryRuns.run(form.wanted(), null).thenApply(run -> {
                model.addAttribute("dry", DryRunPage.of(run, text));
                return "deployment-new";
            });
        } catch (LoomProblem problem) {
            response.setStatus(problem.code().status());
            model.addAttribute("problem", Flash.of(problem));
            return CompletableFuture.completedFuture(form(form, model));
        }
    }

    private String text(DeploymentForm form) {
        return form.version().isEmpty() ? filters.get(form.filter()).text()
                : filters.version(form.filter(), form.number()).text();
    }

    // One while it happens -----------------------------------------------------------------------------------------------------

    @GetMapping("/deployments/{id:\\d+}")
    String one(
            @PathVariable long id,
            @RequestParam(required = false) @Nullable Long target,
            @RequestParam(defaultValue = "5") int minutes,
            Model model) {
        show(id, target, model);
        journal(id, model);
        model.addAttribute("minutes", minutes);
        model.addAttribute("spans", SPANS);
        return "deployment";
    }

    @GetMapping("/deployments/{id:\\d+}/now")
    String now(@PathVariable long id, @RequestParam(required = false) @Nullable Long target, Model model) {
        show(id, target, model);
        model.addAttribute("partial", true);
        return "deployment :: now";
    }

    @GetMapping("/deployments/{id:\\d+}/journal")
    String journal(@PathVariable long id, Model model) {
        EventQuery query = new EventQuery(null, null, id, null, false);
        model.addAttribute("events", journal.entries(events.list(query, 0, EVENTS).items()));
        return "deployment :: journal";
    }

    private void show(long id, @Nullable Long wanted, Model model) {
        DeploymentView deployment = deployments.get(id);
        Map<Long, LiveFilter> now = new HashMap<>();
        Optional<JvmProgress> one = chosen(deployment, wanted);
        List<JvmProgress> shown = deployment.jvms();
        if (shown.size() > MOST_ROWS) {
            Stream<JvmProgress> first = one.stream();
            shown = Stream.concat(first, shown.stream().sorted(Comparator.comparing(DeploymentPages::rank))).distinct().limit(MOST_ROWS).toList();
        }
        List<Long> open = shown.stream().filter(jvm -> !jvm.state().isEnd()).map(JvmProgress::targetId).toList();
        live.on(open, deployment.filter()).forEach((target, found) -> {
            if (found.deployment() == null || found.deployment() == deployment.id()) {
                now.put(target, found);
            }
        });
        model.addAttribute("more", deployment.jvms().size() - shown.size());
        boolean observe = DeploymentRow.isObserve(deployment);
        List<JvmRow> rows = shown.stream().map(jvm -> JvmRow.of(jvm, observe, now.get(jvm.targetId()))).toList();
        model.addAttribute("d", DeploymentPage.of(deployment, rows));
        model.addAttribute("mayAct", deploymentTargets.isInScope(id));
        model.addAttribute("verdict", one.map(jvm -> verdicts.of(jvm, now.get(jvm.targetId()))).orElse(null));
        model.addAttribute(
                "one",
                one.map(jvm -> JvmDetail.of(jvm, filters.version(deployment.filter(), deployment.version()).text(),
                                now.get(jvm.targetId())))
                        .orElse(null));
    }

    /** The JVM that was asked for, else the one that wants a look most. */
    private static Optional<JvmProgress> chosen(DeploymentView deployment, @Nullable Long wanted) {
        Optional<JvmProgress> asked = deployment.jvms().stream().filter(jvm -> wanted != null && wanted == jvm.targetId())
                .findFirst();
        return asked.or(() -> deployment.jvms().stream().min(Comparator.comparing(DeploymentPages::rank)));
    }

    private static int rank(JvmProgress jvm) {
        int place = INTERESTING.indexOf(jvm.state());
        return place < 0 ? INTERESTING.size() : place;
    }

    /** What the charts draw. */
    @GetMapping("/deployments/{id:\\d+}/series")
    @ResponseBody
    Series series(@PathVariable long id, @RequestParam long target, @RequestParam(defaultValue = "5") int minutes) {
        Instant now = Instant.now();
        Instant from = now.minus(Duration.ofMinutes(Math.max(1, Math.min(MOST_MINUTES, minutes))));
        String filter = deployments.get(id).filter();
        EventQuery changes = new EventQuery(target, filter, null, "filter.state", false, null, null, null, from, null);
        return new Series(history.history(target, filter, from, now), events.list(changes, 0, Page.MAX_SIZE).items().stream().flatMap(Mark::of).limit(MOST_MARKS).toList());
    }

    /** What the charts draw, and the moments that they mark. */
    private record Series(@JsonUnwrapped History history, List<Mark> marks) {}

    // What an operator does ----------------------------------------------------------------------------------------------------

    @PostMapping("/deployments/{id:\\d+}/{act:disable|pause|resume|abort|promote|observe|approve}")
    @PreAuthorize("hasRole('OPERATOR')")
    String act(@PathVariable long id, @PathVariable String act, @RequestParam(required = false) @Nullable Long target) {
        switch (act) {
            case "disable" -> deployments.disable(id);
            case "pause" -> deployments.pause(id);
            case "resume" -> deployments.resume(id);
            case "abort" -> deployments.abort(id);
            case "approve" -> rollouts.approve(id);
            case "observe" -> deployments.observe(id);
            default -> deployments.promote(id);
        }
        return "redirect:/deployments/" + id + (target == null ? "" : "?target=" + target);
    }

    @PostMapping("/deployments/{id:\\d+}/targets/{target:\\d+}/accept")
    @PreAuthorize("hasRole('OPERATOR')")
    String accept(@PathVariable long id, @PathVariable long target, @RequestParam(defaultValue = "") String why,
            RedirectAttributes redirect) {
        live.accept(target, deployments.get(id).filter(), why);
        Flash.done(redirect, "Accepted; the reason is in the audit log.");
        return "redirect:/deployments/" + id + "?target=" + target;
    }

    @PostMapping("/deployments/{id:\\d+}/targets/{target:\\d+}/cancel")
    @PreAuthorize("hasRole('OPERATOR')")
    String cancel(@PathVariable long id, @PathVariable long target, RedirectAttributes redirect) {
        live.cancel(target, deployments.get(id).filter());
        Flash.done(redirect, "The install is being taken back.");
        return "redirect:/deployments/" + id + "?target=" + target;
    }
}
