package dev.loom.console.page;

import dev.loom.console.audit.EventLog;
import dev.loom.console.audit.EventQuery;
import dev.loom.console.contract.LoomProblem;
import dev.loom.console.contract.Page;
import dev.loom.console.contract.ProblemCode;
import dev.loom.console.deployment.DriftActions;
import dev.loom.console.deployment.Drifts;
import dev.loom.console.live.LiveService;
import dev.loom.console.target.TargetChange;
import dev.loom.console.target.TargetService;
import dev.loom.console.target.TargetState;
import dev.loom.console.target.TargetView;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;
import org.springframework.web.servlet.support.ServletUriComponentsBuilder;

/** JVMs: the list, the ways to add one, and one by itself. */
@Controller
class TargetPages {

    private static final int EVENTS = 10;
    private static final List<Integer> SIZES = List.of(50, 100, 300);

    private final TargetService targets;
    private final LiveService live;
    private final EventLog events;
    private final DriftActions drift;
    private final Drifts drifts;
    private final Journal journal;

    TargetPages(TargetService targets, LiveService live, EventLog events, DriftActions drift, Drifts drifts, Journal journal) {
        this.targets = targets;
        this.live = live;
        this.events = events;
        this.drift = drift;
        this.drifts = drifts;
        this.journal = journal;
    }

    @ModelAttribute("currentSection")
    String section() {
        return "targets";
    }

    @GetMapping("/targets")
    String list(
            @RequestParam(defaultValue = "") String q,
            @RequestParam(defaultValue = "0") int page,
            @RequestParam(defaultValue = "50") int size,
            HttpServletRequest request,
            Model model) {
        Page<TargetView> found = targets.list(q, page, size);
        model.addAttribute("targets", found.map(TargetRow::of));
        model.addAttribute("up", found.items().stream().filter(t -> t.state() == TargetState.REACHABLE).count());
        model.addAttribute("q", q);
        model.addAttribute("size", size);
        model.addAttribute("sizes", SIZES);
        model.addAttribute("query", Query.of("q", q, "size", size));
        model.addAttribute("baseUrl", ServletUriComponentsBuilder.fromContextPath(request).build().toUriString());
        return "targets";
    }

    @GetMapping("/targets/new")
    @PreAuthorize("hasRole('OPERATOR')")
    String fresh(Model model) {
        targets.requireAdder();
        model.addAttribute("form", TargetForm.EMPTY);
        return "target-new";
    }

    @PostMapping("/targets")
    @PreAuthorize("hasRole('OPERATOR')")
    String add(TargetForm form, Model model, HttpServletResponse response, RedirectAttributes redirect) {
        try {
            TargetView added = targets.add(form.wanted());
            Flash.done(redirect, "Added " + added.name() + ".");
            redirect.addAttribute("id", added.id());
            return "redirect:/targets/{id}";
        } catch (LoomProblem problem) {
            response.setStatus(problem.code().status());
            model.addAttribute("problem", Flash.of(problem));
            model.addAttribute("form", form);
            return "target-new";
        }
    }

    @GetMapping("/targets/local")
    @PreAuthorize("hasRole('OPERATOR')")
    String local(Model model) {
        targets.requireAdder();
        model.addAttribute("locals", targets.localJvms());
        return "targets-local";
    }

    @PostMapping("/targets/local/{pid:\\d+}/attach")
    @PreAuthorize("hasRole('OPERATOR')")
    String attach(@PathVariable long pid, RedirectAttributes redirect) {
        TargetView attached = targets.attach(pid, "");
        Flash.done(redirect, "The agent is in " + attached.name() + ".");
        redirect.addAttribute("id", attached.id());
        return "redirect:/targets/{id}";
    }

    @GetMapping("/targets/{id:\\d+}")
    String one(@PathVariable long id, Model model) {
        show(id, model);
        return "target";
    }

    @GetMapping("/targets/{id:\\d+}/now")
    String now(@PathVariable long id, Model model) {
        show(id, model);
        model.addAttribute("partial", true);
        return "target :: now";
    }

    private void show(long id, Model model) {
        model.addAttribute("t", TargetPage.of(targets.get(id), live.onTarget(id)));
        model.addAttribute("drifts", drifts.on(id));
        model.addAttribute(
                "events",
                journal.entries(events.list(new EventQuery(id, null, null, null, false), 0, EVENTS).items()));
    }

    @PostMapping("/targets/{id:\\d+}/retry")
    @PreAuthorize("hasRole('OPERATOR')")
    String retry(@PathVariable long id) {
        targets.retry(id);
        return "redirect:/targets/" + id;
    }

    @PostMapping("/targets/{id:\\d+}/change")
    @PreAuthorize("hasRole('OPERATOR')")
    String change(
            @PathVariable long id,
            @RequestParam String name,
            @RequestParam(defaultValue = "") String labels,
            @RequestParam(defaultValue = "") String username,
            @RequestParam(defaultValue = "") String password,
            @RequestParam(defaultValue = "false") boolean login,
            RedirectAttributes redirect) {
        try {
            TargetView changed = targets.change(
                    id, new TargetChange(name, TargetForm.labels(labels), login ? username.strip() : null, login ? password : null));
            Flash.done(redirect, "Changed " + changed.name() + ".");
        } catch (LoomProblem problem) {
            if (problem.code() == ProblemCode.OUT_OF_SCOPE) {
                throw problem;
            }
            redirect.addFlashAttribute("flash", Flash.of(problem));
        }
        return "redirect:/targets/" + id;
    }

    @PostMapping("/targets/{id:\\d+}/counter")
    @PreAuthorize("hasRole('OPERATOR')")
    String counter(
            @PathVariable long id,
            @RequestParam(defaultValue = "") String bean,
            @RequestParam(defaultValue = "") String operations,
            @RequestParam(defaultValue = "") String failures,
            RedirectAttributes redirect) {
        targets.setAppBean(id, TargetForm.bean(bean, operations, failures));
        Flash.done(redirect, bean.isBlank() ? "The usual failure counter is looked for." : "Failures are read from "
                + bean.strip() + ".");
        return "redirect:/targets/" + id;
    }

    @PostMapping("/targets/{id:\\d+}/filters/{name}/{act:adopt|remove|reapply}")
    @PreAuthorize("hasRole('OPERATOR')")
    String drift(@PathVariable long id, @PathVariable String name, @PathVariable String act, RedirectAttributes redirect) {
        switch (act) {
            case "adopt" -> {
                return "redirect:/deployments/" + drift.adopt(id, name).id();
            }
            case "reapply" -> {
                drift.reapply(id, name);
                Flash.done(redirect, name + " is applied again.");
            }
            default -> {
                drift.remove(id, name);
                Flash.done(redirect, name + " is being removed.");
            }
        }
        return "redirect:/targets/" + id;
    }

    @PostMapping("/targets/{id:\\d+}/delete")
    @PreAuthorize("hasRole('OPERATOR')")
    String remove(@PathVariable long id, @RequestParam(defaultValue = "false") boolean force, RedirectAttributes redirect) {
        String name = targets.get(id).name();
        targets.remove(id, force);
        Flash.done(redirect, name + " is off the list.");
        return "redirect:/targets";
    }
}
