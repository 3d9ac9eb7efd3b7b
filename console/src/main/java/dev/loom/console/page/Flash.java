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

    /** Where services say how a script goes on, they say so at the end, behind this. */
    private static final String FOR_SCRIPTS = "By REST: ";

    static Flash of(LoomProblem problem) {
        return new Flash("bad", problem.detail(), forPeople(problem.hint()));
    }

    /** A hint without what only a script can do. */
    static String forPeople(String hint) {
        int end = hint.indexOf(FOR_SCRIPTS);
        return end < 0 ? hint : hint.substring(0, end).strip();
    }

    static void done(RedirectAttributes redirect, String message) {
        redirect.addFlashAttribute("flash", new Flash("ok", message, ""));
    }
}
