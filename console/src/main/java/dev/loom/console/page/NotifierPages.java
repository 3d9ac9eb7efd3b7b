package dev.loom.console.page;

import dev.loom.console.notify.CreatedNotifier;
import dev.loom.console.notify.NewNotifier;
import dev.loom.console.notify.NotifierService;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** Who is told of events, for administrators. */
@Controller
@RequestMapping("/notifiers")
@PreAuthorize("hasRole('ADMIN')")
class NotifierPages {

    private static final String BACK = "redirect:/notifiers";

    private final NotifierService notifiers;

    NotifierPages(NotifierService notifiers) {
        this.notifiers = notifiers;
    }

    @ModelAttribute("currentSection")
    String section() {
        return "notifiers";
    }

    @GetMapping
    String list(Model model) {
        model.addAttribute("notifiers", notifiers.list());
        return "notifiers";
    }

    @PostMapping
    String create(
            @RequestParam String name,
            @RequestParam(defaultValue = "WEBHOOK") String kind,
            @RequestParam(defaultValue = "") String destination,
            @RequestParam(defaultValue = "") String types,
            RedirectAttributes redirect) {
        List<String> wanted = Arrays.stream(types.split("[,\\s]+")).filter(t -> !t.isBlank()).toList();
        told(notifiers.create(new NewNotifier(name, kind, destination, wanted, true)), redirect);
        return BACK;
    }

    private static void told(CreatedNotifier created, RedirectAttributes redirect) {
        if (created.secret() == null) {
            Flash.done(redirect, "Events are told to " + created.notifier().name() + " from now on.");
        } else {
            redirect.addFlashAttribute("secret", created.secret());
            redirect.addFlashAttribute("secretName", created.notifier().name());
        }
    }

    @PostMapping("/{id:\\d+}/{act:test|pause|resume|secret|delete}")
    CompletableFuture<String> act(@PathVariable long id, @PathVariable String act, RedirectAttributes redirect) {
        String name = notifiers.get(id).name();
        switch (act) {
            case "test" -> {
                return notifiers.test(id).thenApply(reason -> {
                    redirect.addFlashAttribute("flash", reason.isEmpty()
                            ? new Flash("ok", name + " has taken the test.", "")
                            : new Flash("bad", name + " has not taken the test.", reason));
                    return BACK;
                });
            }
            case "pause", "resume" -> notifiers.change(id, new NewNotifier(null, null, null, null, act.equals("resume")));
            case "secret" -> told(notifiers.renewSecret(id), redirect);
            default -> {
                notifiers.delete(id);
                Flash.done(redirect, "Events are no longer told to " + name + ".");
            }
        }
        return CompletableFuture.completedFuture(BACK);
    }
}
