package dev.loom.console.page;

import dev.loom.console.contract.Page;
import dev.loom.console.security.AccountService;
import dev.loom.console.security.CreatedToken;
import dev.loom.console.security.Role;
import dev.loom.console.security.TokenService;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
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

/** Accounts and tokens, for administrators. */
@Controller
@RequestMapping("/access")
@PreAuthorize("hasRole('ADMIN')")
class AccessPages {

    /** A role and what it allows, in words. */
    public record RoleText(String value, String text, String may) {}

    private static final List<RoleText> ROLES = List.of(
            new RoleText("VIEWER", "viewer", "sees everything but this page and the audit log"),
            new RoleText("AUTHOR", "author", "writes filters as well"),
            new RoleText("OPERATOR", "operator", "adds JVMs, enables and disables filters"),
            new RoleText("ADMIN", "admin", "all of it, and accounts, tokens and the audit log"));

    private static final List<RoleText> TOKEN_ROLES = List.of(
            new RoleText("AGENT", "register JVMs, for agents", ""),
            ROLES.get(0),
            ROLES.get(1),
            ROLES.get(2),
            ROLES.get(3));

    private final AccountService accounts;
    private final TokenService tokens;

    AccessPages(AccountService accounts, TokenService tokens) {
        this.accounts = accounts;
        this.tokens = tokens;
    }

    @ModelAttribute("currentSection")
    String section() {
        return "access";
    }

    @GetMapping
    String access(Model model) {
        model.addAttribute("accounts", accounts.list());
        model.addAttribute("tokens", tokens.list(0, Page.MAX_SIZE).items().stream().filter(t -> t.revokedAt() == null).toList());
        model.addAttribute("roles", ROLES);
        model.addAttribute("tokenRoles", TOKEN_ROLES);
        return "access";
    }

    @PostMapping("/accounts")
    String create(@RequestParam String username, @RequestParam String password, @RequestParam String role,
            @RequestParam(defaultValue = "") String scope, RedirectAttributes redirect) {
        accounts.create(username.strip(), password, Role.parse(role), scope);
        Flash.done(redirect, "Added " + username.strip() + ".");
        return "redirect:/access";
    }

    @PostMapping("/accounts/{name}/role")
    String role(@PathVariable String name, @RequestParam String role, RedirectAttributes redirect) {
        accounts.setRole(name, Role.parse(role));
        Flash.done(redirect, name + " has the role " + role.toLowerCase(java.util.Locale.ROOT) + " now.");
        return "redirect:/access";
    }

    @PostMapping("/accounts/{name}/scope")
    String scope(@PathVariable String name, @RequestParam(defaultValue = "") String scope, RedirectAttributes redirect) {
        String now = accounts.setScope(name, scope).scope();
        Flash.done(redirect, name + " may act on " + (now == null ? "all JVMs." : "JVMs with " + now + " only."));
        return "redirect:/access";
    }

    @PostMapping("/accounts/{name}/password")
    String password(@PathVariable String name, @RequestParam String password, RedirectAttributes redirect) {
        accounts.setPassword(name, password);
        Flash.done(redirect, name + " has a new password.");
        return "redirect:/access";
    }

    @PostMapping("/accounts/{name}/{act:lock|unlock}")
    String lock(@PathVariable String name, @PathVariable String act, RedirectAttributes redirect) {
        accounts.setEnabled(name, act.equals("unlock"));
        Flash.done(redirect, name + " is " + act + "ed.");
        return "redirect:/access";
    }

    @PostMapping("/accounts/{name}/delete")
    String delete(@PathVariable String name, RedirectAttributes redirect) {
        accounts.delete(name);
        Flash.done(redirect, "Deleted " + name + ".");
        return "redirect:/access";
    }

    @PostMapping("/tokens")
    String token(@RequestParam String name, @RequestParam String role, @RequestParam(required = false) @Nullable Integer days,
            @RequestParam(defaultValue = "") String scope,
            RedirectAttributes redirect) {
        CreatedToken created = tokens.create(name.strip(), Role.parse(role), days == null ? null : Duration.ofDays(Math.min(days, 36_500)), scope);
        redirect.addFlashAttribute("secret", created.secret());
        redirect.addFlashAttribute("secretName", created.token().name());
        return "redirect:/access";
    }

    @PostMapping("/tokens/{id:\\d+}/revoke")
    String revoke(@PathVariable long id, RedirectAttributes redirect) {
        tokens.revoke(id);
        Flash.done(redirect, "The token is revoked.");
        return "redirect:/access";
    }
}
