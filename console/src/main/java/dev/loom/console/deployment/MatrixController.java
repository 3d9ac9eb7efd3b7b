package dev.loom.console.deployment;

import dev.loom.console.contract.Page;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** All filters in all JVMs over REST, and where they are not as they are wanted. */
@RestController
@RequestMapping("/api/v1")
@Tag(name = "deployments")
class MatrixController {

    private final Matrix matrix;
    private final Drifts drifts;

    MatrixController(Matrix matrix, Drifts drifts) {
        this.matrix = matrix;
        this.drifts = drifts;
    }

    @Operation(summary = "Which filter is how in which JVM, a page of both")
    @GetMapping("/matrix")
    MatrixView matrix(
            @RequestParam(defaultValue = "") String q,
            @RequestParam(defaultValue = "") String filter,
            @RequestParam(defaultValue = "false") boolean drift,
            @RequestParam(defaultValue = "0") int page,
            @RequestParam(defaultValue = "50") int size,
            @RequestParam(defaultValue = "0") int filterPage) {
        return matrix.view(q, filter, drift, page, size, filterPage);
    }

    @Operation(summary = "Filters that are not as deployments want them, because they were changed elsewhere")
    @GetMapping("/drift")
    Page<DriftView> drift(@RequestParam(defaultValue = "0") int page, @RequestParam(defaultValue = "50") int size) {
        return drifts.list(page, size);
    }
}
