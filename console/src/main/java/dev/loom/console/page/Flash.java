package dev.loom.console.page;

import dev.loom.console.contract.LoomProblem;
import java.io.Serializable;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/**
 * What came of the last click, said on the page that follows it.
 *
 * @param kind {@code ok}, {@code warn} or {@code bad}
 * @param next what to do next; empty if there is nothing to say
 */
public record Flash(String kind, String message, String next) implements Serializable {

    static Flash of(LoomProblem problem) {
        return new Flash("bad", problem.detail(), problem.hint());
    }

    static void done(RedirectAttributes redirect, String message) {
        redirect.addFlashAttribute("flash", new Flash("ok", message, ""));
    }
}
