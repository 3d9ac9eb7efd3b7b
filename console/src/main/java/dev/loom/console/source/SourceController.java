package dev.loom.console.source;

import dev.loom.client.CodeListing;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.concurrent.CompletableFuture;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Classes of a JVM over REST. */
@RestController
@RequestMapping("/api/v1/targets/{id}")
@Tag(name = "targets")
class SourceController {

    private final SourceService source;

    SourceController(SourceService source) {
        this.source = source;
    }

    @Operation(summary = "A class that a JVM has loaded, with those inside it: what the code of each line does, and the hooks that are in force there")
    @GetMapping("/classes/{name}")
    CompletableFuture<CodeListing> listing(@PathVariable long id, @PathVariable String name, @RequestParam(defaultValue = "") String loader) {
        return source.listing(id, name, loader);
    }
}
