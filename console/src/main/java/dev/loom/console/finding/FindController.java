package dev.loom.console.finding;

import dev.loom.client.FindStatus;
import dev.loom.client.Suggestion;
import dev.loom.console.stream.Slots;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.Authentication;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Races looked for in a JVM, over REST. */
@RestController
@RequestMapping("/api/v1/targets/{id}")
@Tag(name = "finding")
class FindController {

    private static final String PROPOSED = "Filters proposed for what failed, which is the body, with the classes of a JVM: stack traces, a thread dump, a deadlock"
            + " report, report.json of Infer; as application/octet-stream any of these, or a recording of JFR of up to 256 MiB";

    private final FindService finding;
    private final Slots uploads = new Slots("uploads", 20, 4);

    FindController(FindService finding) {
        this.finding = finding;
    }

    /** What is looked for; 60 seconds and 3 percent if they are left out. */
    record FindBody(@Nullable List<String> classes, @Nullable Integer seconds, @Nullable Double budgetPercent) {}

    @Operation(summary = "Begins to look for races in a JVM; the search ends by itself. Answers when the classes are watched")
    @PostMapping("/find")
    CompletableFuture<ResponseEntity<FindStatus>> find(@PathVariable long id, @RequestBody FindBody body) {
        return finding.start(id, NewSearch.of(body.classes(), body.seconds(), body.budgetPercent()))
                .thenApply(begun -> ResponseEntity.accepted().location(URI.create("/api/v1/targets/" + id + "/findings")).body(begun));
    }

    @Operation(summary = "The search for races in a JVM, under way or ended, with what it has found, the most telling first")
    @GetMapping("/findings")
    CompletableFuture<FindStatus> findings(@PathVariable long id) {
        return finding.status(id);
    }

    @Operation(summary = "Ends the search for races in a JVM, if there is one")
    @DeleteMapping("/find")
    CompletableFuture<FindStatus> stop(@PathVariable long id) {
        return finding.stop(id);
    }

    /** What is proposed, the best first. */
    record Suggestions(List<Suggestion> suggestions) {}

    @Operation(summary = PROPOSED)
    @PostMapping(path = "/suggest", consumes = MediaType.TEXT_PLAIN_VALUE)
    CompletableFuture<Suggestions> suggest(@PathVariable long id, @RequestBody byte[] traces) {
        return finding.suggest(id, new String(traces, StandardCharsets.UTF_8)).thenApply(Suggestions::new);
    }

    @Operation(summary = PROPOSED)
    @PostMapping(path = "/suggest", consumes = MediaType.APPLICATION_OCTET_STREAM_VALUE)
    CompletableFuture<Suggestions> suggest(@PathVariable long id, HttpServletRequest request, Authentication caller) throws IOException {
        try (Slots.Slot slot = uploads.take(caller.getName())) {
            return finding.suggest(id, request.getInputStream()).thenApply(Suggestions::new);
        }
    }
}
