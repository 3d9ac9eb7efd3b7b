package dev.loom.console.notify;

import dev.loom.console.contract.Page;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Notifiers over REST, for administrators. */
@RestController
@RequestMapping("/api/v1/notifiers")
@Tag(name = "notifiers")
class NotifierController {

    private final NotifierService notifiers;

    NotifierController(NotifierService notifiers) {
        this.notifiers = notifiers;
    }

    /** What came of a test: whether it was taken, and if not, why. */
    record TestResult(boolean taken, String reason) {}

    @Operation(summary = "Who is told of events, and how that goes")
    @GetMapping
    Page<NotifierView> list() {
        List<NotifierView> all = notifiers.list();
        return new Page<>(all, 0, Math.max(1, all.size()), all.size());
    }

    @Operation(summary = "Has events told by a signed request to a URL, or by mail; the secret of a webhook is in this answer and nowhere else")
    @PostMapping
    ResponseEntity<CreatedNotifier> create(@RequestBody NewNotifier body) {
        CreatedNotifier created = notifiers.create(body);
        return ResponseEntity.created(URI.create("/api/v1/notifiers/" + created.notifier().id())).header("Cache-Control", "no-store").body(created);
    }

    @Operation(summary = "One of those who are told")
    @GetMapping("/{id}")
    NotifierView get(@PathVariable long id) {
        return notifiers.get(id);
    }

    @Operation(summary = "Changes name, destination, types of events, or whether they are told at all; what is left out stays")
    @PutMapping("/{id}")
    NotifierView change(@PathVariable long id, @RequestBody NewNotifier body) {
        return notifiers.change(id, body);
    }

    @Operation(summary = "Tells nothing there any more")
    @DeleteMapping("/{id}")
    ResponseEntity<Void> delete(@PathVariable long id) {
        notifiers.delete(id);
        return ResponseEntity.noContent().build();
    }

    @Operation(summary = "Gives a webhook a new secret, which is in this answer and nowhere else")
    @PostMapping("/{id}/secret")
    ResponseEntity<CreatedNotifier> renewSecret(@PathVariable long id) {
        return ResponseEntity.ok().header("Cache-Control", "no-store").body(notifiers.renewSecret(id));
    }

    @Operation(summary = "Sends a test now, and says what came of it")
    @PostMapping("/{id}/test")
    CompletableFuture<TestResult> test(@PathVariable long id) {
        return notifiers.test(id).thenApply(reason -> new TestResult(reason.isEmpty(), reason));
    }
}
