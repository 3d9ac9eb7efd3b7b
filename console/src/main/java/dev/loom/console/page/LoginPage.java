package dev.loom.console.page;

import dev.loom.console.security.Providers;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The login form; its answer is Spring Security's. */
@Controller
class LoginPage {

    private final Providers providers;

    LoginPage(Providers providers) {
        this.providers = providers;
    }

    @GetMapping("/login")
    String login(
            @RequestParam(required = false) @Nullable String error,
            @RequestParam(required = false) @Nullable String throttled,
            @RequestParam(required = false) @Nullable String ended,
            @RequestParam(required = false) @Nullable String logout,
            @RequestParam(required = false) @Nullable String oidc,
            Model model) {
        if (throttled != null) {
            model.addAttribute("failed", "Too many wrong passwords. Wait a minute, then try again.");
        } else if (ended != null) {
            model.addAttribute("failed", "The session has ended. Log in again.");
        } else if (error != null) {
            model.addAttribute("failed", "User or password is wrong.");
        } else if (oidc != null) {
            model.addAttribute("failed", switch (oidc) {
                case "norole" -> "You are logged in there, but have no role here. An administrator can give you one.";
                case "away" -> "The provider does not answer. Try again, or log in with a password.";
                case "busy" -> "Many people are logging in. Try again in a moment.";
                default -> "The login by the provider failed. Try again.";
            });
        }
        model.addAttribute("providers", providers.offers());
        model.addAttribute("left", logout != null);
        return "login";
    }
}
