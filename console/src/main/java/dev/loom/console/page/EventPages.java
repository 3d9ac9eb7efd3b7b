package dev.loom.console.page;

import dev.loom.console.audit.AuditSearch;
import dev.loom.console.audit.EventLog;
import dev.loom.console.audit.EventQuery;
import dev.loom.console.target.Target;
import dev.loom.console.target.TargetService;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.RequestParam;

/** What happened, and the part of it that people and scripts did. */
@Controller
class EventPages {

    private static final int SIZE = 100;

    private static final List<Choice> KINDS = List.of(
            new Choice("", "All kinds"),
            new Choice("deployment.", "Deployments"),
            new Choice("filter.", "Filters"),
            new Choice("target.", "JVMs"),
            new Choice(EventQuery.ACCESS, "Logins, accounts and tokens"));

    private final EventLog events;
    private final Journal journal;
    private final TargetService targets;

    EventPages(EventLog events, Journal journal, TargetService targets) {
        this.events = events;
        this.journal = journal;
        this.targets = targets;
    }

    @GetMapping("/events")
    String events(
            @RequestParam(required = false) @Nullable Long target,
            @RequestParam(required = false) @Nullable String filter,
            @RequestParam(required = false) @Nullable Long deployment,
            @RequestParam(defaultValue = "") String type,
            @RequestParam(defaultValue = "0") int page,
            @ModelAttribute("shell") Viewer shell,
            Model model) {
        EventQuery query = new EventQuery(target, filter, deployment, type.isBlank() ? null : type, false);
        return show(shell.isAdmin() ? query : query.withoutAccess(), page, model);
    }

    @GetMapping("/audit")
    @PreAuthorize("hasRole('ADMIN')")
    String audit(
            @RequestParam(defaultValue = "") String type,
            @ModelAttribute("search") AuditSearch search,
            @RequestParam(defaultValue = "0") int page,
            Model model) {
        EventQuery query = new EventQuery(null, null, null, type.isBlank() ? null : type, true);
        return show(search.in(query), page, model, search);
    }

    private String show(EventQuery query, int page, Model model) {
        return show(query, page, model, new AuditSearch(null, null, null, null, null));
    }

    private String show(EventQuery query, int page, Model model, AuditSearch search) {
        Map<String, Object> kept = new LinkedHashMap<>();
        if (query.target() != null) {
            kept.put("target", query.target());
            model.addAttribute("keptTarget", targets.find(query.target()).map(Target::name).orElse(String.valueOf(query.target())));
        }
        if (query.filter() != null) {
            kept.put("filter", query.filter());
        }
        if (query.deployment() != null) {
            kept.put("deployment", query.deployment());
        }
        model.addAttribute("currentSection", query.auditedOnly() ? "audit" : "events");
        model.addAttribute("audit", query.auditedOnly());
        model.addAttribute("events", journal.entries(events.list(query, page, SIZE)));
        model.addAttribute("kinds", KINDS);
        model.addAttribute("type", query.type() == null ? "" : query.type());
        model.addAttribute("kept", kept);
        model.addAttribute(
                "query",
                Query.of(
                        "type", query.type(), "target", query.target(), "filter", query.filter(),
                        "deployment", query.deployment(), "actor", search.actor(), "q", search.q(), "from", search.from(), "to", search.to(), "zone", search.zone()));
        return "events";
    }
}
