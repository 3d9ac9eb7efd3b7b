package dev.loom.console.page;

import dev.loom.console.contract.LoomProblem;
import dev.loom.console.contract.Page;
import dev.loom.console.contract.ProblemCode;
import dev.loom.console.deployment.DeploymentService;
import dev.loom.console.deployment.DeploymentSummary;
import dev.loom.console.filter.CheckResult;
import dev.loom.console.filter.FilterService;
import dev.loom.console.filter.FilterVersionView;
import dev.loom.console.filter.FilterView;
import dev.loom.console.target.TargetService;
import dev.loom.console.target.TargetState;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.multipart.MultipartFile;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** Filters: the list, the editor with its check, versions and what changed between them. */
@Controller
class FilterPages {

    private static final int SIZE = 50;
    /** Bytes of a file that are read: more than a filter may have, so that the service says so. */
    private static final int MOST_BYTES = 6 << 20;
    private static final int VERSIONS = 200;

    private final FilterService filters;
    private final DeploymentService deployments;
    private final TargetService targets;

    FilterPages(FilterService filters, DeploymentService deployments, TargetService targets) {
        this.filters = filters;
        this.deployments = deployments;
        this.targets = targets;
    }

    @ModelAttribute("currentSection")
    String section() {
        return "filters";
    }

    @GetMapping("/filters")
    String list(@RequestParam(defaultValue = "") String q, @RequestParam(defaultValue = "0") int page, Model model) {
        Map<String, Long> inForce = deployments.summaries(null, false, 0, Page.MAX_SIZE).items().stream()
                .collect(Collectors.groupingBy(DeploymentSummary::filter, Collectors.counting()));
        model.addAttribute("filters", filters.list(q, page, SIZE).map(f -> FilterRow.of(f, inForce.getOrDefault(f.name(), 0L))));
        model.addAttribute("q", q);
        model.addAttribute("query", Query.of("q", q));
        return "filters";
    }

    // The editor: "new" and "check" stand outside of /filters/, where every name is a filter's ---------------------------------

    @GetMapping("/filter-new")
    @PreAuthorize("hasRole('AUTHOR')")
    String fresh(Model model) {
        return editor(FilterPage.fresh("", "", null), model);
    }

    @GetMapping("/filters/{name}")
    String current(@PathVariable String name, Model model) {
        return stored(filters.get(name), model);
    }

    @GetMapping("/filters/{name}/versions/{version:\\d+}")
    String version(@PathVariable String name, @PathVariable int version, Model model) {
        return stored(filters.version(name, version), model);
    }

    private String stored(FilterView filter, Model model) {
        model.addAttribute("check", CheckView.of(filter.diagnostics(), filter.text(), against(null)));
        return editor(page(filter, filter.text(), null), model);
    }

    private FilterPage page(FilterView filter, String text, @Nullable Long checkTarget) {
        List<FilterVersionView> versions = versions(filter);
        int newest = versions.isEmpty() ? filter.version() : versions.get(0).version();
        List<DeploymentRow> inForce = deployments.summaries(filter.name(), false, 0, SIZE).items().stream().map(DeploymentRow::of)
                .toList();
        return FilterPage.of(filter, text, newest, versions, inForce, checkTarget);
    }

    /** None for a deleted filter, whose old versions can still be read. */
    private List<FilterVersionView> versions(FilterView filter) {
        try {
            return filters.versions(filter.name(), 0, VERSIONS).items();
        } catch (LoomProblem gone) {
            return List.of();
        }
    }

    private String editor(FilterPage page, Model model) {
        model.addAttribute("f", page);
        model.addAttribute("rollouts", DeploymentPages.ROLLOUTS);
        model.addAttribute(
                "targets",
                targets.list("", 0, Page.MAX_SIZE).items().stream().filter(t -> t.state() == TargetState.REACHABLE)
                        .map(TargetRow::of).toList());
        return "filter";
    }

    @PostMapping("/filter-new")
    @PreAuthorize("hasRole('AUTHOR')")
    String create(
            @RequestParam(defaultValue = "") String name,
            @RequestParam(defaultValue = "") String text,
            @RequestParam(defaultValue = "") String note,
            @RequestParam(required = false) @Nullable MultipartFile file,
            @RequestParam(required = false) @Nullable Long target,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect)
            throws IOException {
        String wanted = text;
        try {
            wanted = file == null || file.isEmpty() ? text : FilterService.decode(file.getInputStream().readNBytes(MOST_BYTES));
            FilterView stored = filters.create(nameOf(name, wanted, file), wanted, note);
            Flash.done(redirect, "Stored filter " + stored.name() + ".");
            redirect.addAttribute("name", stored.name());
            return "redirect:/filters/{name}";
        } catch (LoomProblem problem) {
            refused(problem, wanted, model, response);
            return editor(FilterPage.fresh(name, wanted, target), model);
        }
    }

    /** The name that was typed; else the one that the text gives itself; else the file's. */
    private String nameOf(String typed, String text, @Nullable MultipartFile file) {
        if (!typed.isBlank() || file == null || file.isEmpty() || !filters.check("", text, null).filter().isEmpty()) {
            return typed;
        }
        String name = file.getOriginalFilename() == null ? "" : file.getOriginalFilename();
        return name.substring(name.lastIndexOf('/') + 1).replaceAll("(?i)\\.(loom|txt)$", "");
    }

    @PostMapping("/filters/{name}")
    @PreAuthorize("hasRole('AUTHOR')")
    String update(
            @PathVariable String name,
            @RequestParam int base,
            @RequestParam(defaultValue = "") String text,
            @RequestParam(defaultValue = "") String note,
            @RequestParam(required = false) @Nullable Long target,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        try {
            FilterView stored = filters.update(name, base, text, note);
            Flash.done(redirect, "Stored version " + stored.version() + ". It is in force nowhere until it is enabled.");
            redirect.addAttribute("name", name);
            return "redirect:/filters/{name}";
        } catch (LoomProblem problem) {
            FilterView now = filters.get(name);
            refused(problem, text, model, response);
            if (problem.code() == ProblemCode.VERSION_CHANGED) {
                model.addAttribute("problem", new Flash("bad", problem.detail(),
                        "Your text is below, not lost. Look at what version " + now.version()
                                + " changed, then save again: that makes the next version."));
            }
            return editor(page(now, text, target), model);
        }
    }

    private static void refused(LoomProblem problem, String text, Model model, HttpServletResponse response) {
        response.setStatus(problem.code().status());
        model.addAttribute("problem", Flash.of(problem));
        model.addAttribute("check", CheckView.of(problem.diagnostics(), text, ""));
    }

    // The check ----------------------------------------------------------------------------------------------------------------

    /** What the editor asks as people type. */
    @PostMapping("/filter-check")
    String check(
            @RequestParam(defaultValue = "") String name,
            @RequestParam(defaultValue = "") String text,
            @RequestParam(required = false) @Nullable Long target,
            Model model) {
        model.addAttribute("check", checked(name, text, target));
        return "part :: checked";
    }

    /** The same for who has no script: the whole page, with the answer. */
    @PostMapping("/filter-check-page")
    String checkPage(
            @RequestParam(defaultValue = "") String name,
            @RequestParam(defaultValue = "false") boolean stored,
            @RequestParam(defaultValue = "") String text,
            @RequestParam(required = false) @Nullable MultipartFile file,
            @RequestParam(required = false) @Nullable Long target,
            Model model)
            throws IOException {
        String wanted = text;
        try {
            wanted = file == null || file.isEmpty() ? text : FilterService.decode(file.getInputStream().readNBytes(MOST_BYTES));
            model.addAttribute("check", checked(name, wanted, target));
        } catch (LoomProblem problem) {
            model.addAttribute("check", CheckView.of(problem.diagnostics(), wanted, ""));
        }
        return editor(stored ? page(filters.get(name), wanted, target) : FilterPage.fresh(name, wanted, target), model);
    }

    private CheckView checked(String name, String text, @Nullable Long target) {
        try {
            CheckResult result = filters.check(name, text, target);
            return CheckView.of(result.diagnostics(), text, against(target));
        } catch (LoomProblem problem) {
            return CheckView.of(problem.diagnostics(), text, "");
        }
    }

    private String against(@Nullable Long target) {
        return target == null
                ? "Checked for its language alone; choose a JVM to compare it with the classes there."
                : "Checked against the classes in " + targets.get(target).name() + ".";
    }

    // Versions -----------------------------------------------------------------------------------------------------------------

    @GetMapping("/filters/{name}/versions/{version:\\d+}/text")
    ResponseEntity<byte[]> download(@PathVariable String name, @PathVariable int version) {
        FilterView filter = filters.version(name, version);
        ContentDisposition attachment = ContentDisposition.attachment().filename(name + ".loom", StandardCharsets.UTF_8).build();
        return ResponseEntity.ok()
                .contentType(new MediaType(MediaType.TEXT_PLAIN, StandardCharsets.UTF_8))
                .header(HttpHeaders.CONTENT_DISPOSITION, attachment.toString())
                .body(filter.text().getBytes(StandardCharsets.UTF_8));
    }

    @GetMapping("/filters/{name}/diff")
    String diff(@PathVariable String name, @RequestParam int from, @RequestParam int to, Model model) {
        FilterView newer = filters.version(name, to);
        model.addAttribute("name", name);
        model.addAttribute("from", from);
        model.addAttribute("to", to);
        model.addAttribute("note", newer.note());
        model.addAttribute("versions", versions(newer).stream().map(FilterVersionView::version).toList());
        model.addAttribute("diff", TextDiff.between(filters.version(name, from).text(), newer.text()));
        return "diff";
    }

    @PostMapping("/filters/{name}/delete")
    @PreAuthorize("hasRole('AUTHOR')")
    String delete(@PathVariable String name, @RequestParam int base, RedirectAttributes redirect) {
        filters.delete(name, base);
        Flash.done(redirect, "Deleted filter " + name + ".");
        return "redirect:/filters";
    }
}
