package dev.loom.console.page;

import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The login form; its answer is Spring Security's. */
@Controller
class LoginPage {

    @GetMapping("/login")
    String login(
            @RequestParam(required = false) @Nullable String error,
            @RequestParam(required = false) @Nullable String throttled,
            @RequestParam(required = false) @Nullable String ended,
            @RequestParam(required = false) @Nullable String logout,
            Model model) {
        if (throttled != null) {
            model.addAttribute("failed", "Too many wrong passwords. Wait a minute, then try again.");
        } else if (ended != null) {
            model.addAttribute("failed", "The session has ended. Log in again.");
        } else if (error != null) {
            model.addAttribute("failed", "User or password is wrong.");
        }
        model.addAttribute("left", logout != null);
        return "login";
    }
}
