package dev.loom.console.page;

import dev.loom.console.deployment.Matrix;
import dev.loom.console.deployment.MatrixView;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.RequestParam;

/** All filters in all JVMs. */
@Controller
class MatrixPages {

    private static final int SIZE = 50;

    private final Matrix matrix;

    MatrixPages(Matrix matrix) {
        this.matrix = matrix;
    }

    @ModelAttribute("currentSection")
    String section() {
        return "matrix";
    }

    @GetMapping("/matrix")
    String matrix(
            @RequestParam(defaultValue = "") String q,
            @RequestParam(defaultValue = "") String filter,
            @RequestParam(defaultValue = "false") boolean drift,
            @RequestParam(defaultValue = "0") int page,
            @RequestParam(defaultValue = "0") int filterPage,
            Model model) {
        MatrixView view = matrix.view(q, filter, drift, page, SIZE, filterPage);
        String only = drift ? "true" : "";
        model.addAttribute("m", view);
        model.addAttribute("rows", view.jvms().items().stream().map(row -> MatrixRow.of(row, view.filters())).toList());
        model.addAttribute("q", q);
        model.addAttribute("filter", filter);
        model.addAttribute("drift", drift);
        model.addAttribute("filtered", drift || !q.isBlank() || !filter.isBlank());
        model.addAttribute("query", Query.of("q", q, "filter", filter, "drift", only, "filterPage", filterPage == 0 ? null : filterPage));
        model.addAttribute("filterQuery", Query.of("q", q, "filter", filter, "drift", only, "page", page == 0 ? null : page));
        return "matrix";
    }
}
