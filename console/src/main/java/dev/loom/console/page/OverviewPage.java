package dev.loom.console.page;

import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;

/** The first page: what is in force, and what wants attention. */
@Controller
class OverviewPage {

    private final Overviews overviews;

    OverviewPage(Overviews overviews) {
        this.overviews = overviews;
    }

    @ModelAttribute("currentSection")
    String section() {
        return "overview";
    }

    @GetMapping("/")
    String overview(Model model) {
        model.addAttribute("o", overviews.overview());
        return "overview";
    }

    @GetMapping("/overview/now")
    String now(Model model) {
        model.addAttribute("o", overviews.overview());
        return "overview :: now";
    }
}
