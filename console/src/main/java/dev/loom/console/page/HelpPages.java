package dev.loom.console.page;

import dev.loom.console.contract.LoomProblem;
import dev.loom.console.contract.ProblemCode;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;

/** What a code of the checker means, with an example and the cure: the documentation's own page. */
@Controller
class HelpPages {

    @ModelAttribute("currentSection")
    String section() {
        return "filters";
    }

    @GetMapping("/help/{code}")
    String about(@PathVariable String code, Model model) {
        model.addAttribute(
                "doc",
                Documentation.page(code).orElseThrow(() -> new LoomProblem(ProblemCode.NOT_FOUND, "There is no page about '"
                        + (code.length() > 50 ? code.substring(0, 50) + "…" : code) + "'.")));
        return "help";
    }
}
