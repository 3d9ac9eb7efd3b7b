package dev.loom.console.filter;

import dev.loom.console.contract.LoomProblem;
import dev.loom.console.contract.Page;
import dev.loom.console.contract.ProblemCode;
import dev.loom.console.rest.ETags;
import dev.loom.console.stream.Slots;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.Authentication;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.util.UriComponentsBuilder;

/** Filters over REST. A filter's text comes as it is ({@code text/plain}) or within JSON. */
@RestController
@RequestMapping("/api/v1/filters")
@Tag(name = "filters")
class FilterController {

    private static final MediaType TEXT = new MediaType(MediaType.TEXT_PLAIN, StandardCharsets.UTF_8);

    private final FilterService filters;
    private final Slots uploads = new Slots("uploads", 20, 4);

    FilterController(FilterService filters) {
        this.filters = filters;
    }

    /** A filter in JSON; {@code name} may be left out if the text names itself, {@code target} matters only for a check. */
    record FilterBody(@Nullable String name, @Nullable String text, @Nullable String note, @Nullable Long target) {
        String requiredText() {
            if (text == null) {
                throw new LoomProblem(ProblemCode.BAD_REQUEST, "The filter's text is missing.");
            }
            // the limit of size holds for JSON as well
            return FilterService.decode(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    @Operation(summary = "Stores a new filter, its text as the body")
    @PostMapping(consumes = {MediaType.TEXT_PLAIN_VALUE, MediaType.APPLICATION_OCTET_STREAM_VALUE})
    ResponseEntity<FilterView> create(
            @RequestParam(defaultValue = "") String name, @RequestParam(defaultValue = "") String note, @RequestBody byte[] text) {
        return created(filters.create(name, FilterService.decode(text), note));
    }

    @Operation(summary = "Stores a new filter")
    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<FilterView> create(@RequestBody FilterBody body) {
        return created(filters.create(orEmpty(body.name()), body.requiredText(), orEmpty(body.note())));
    }

    private static ResponseEntity<FilterView> created(FilterView filter) {
        URI location = UriComponentsBuilder.fromPath("/api/v1/filters/{name}").build(filter.name());
        return ResponseEntity.created(location).eTag(ETags.of(filter.version())).body(filter);
    }

    @Operation(summary = "The current versions of all filters")
    @GetMapping
    Page<FilterSummary> list(
            @RequestParam(name = "q", defaultValue = "") String search,
            @RequestParam(defaultValue = "0") int page,
            @RequestParam(defaultValue = "50") int size) {
        return filters.list(search, page, size);
    }

    @Operation(summary = "The current version of a filter")
    @GetMapping(path = "/{name}", produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<FilterView> get(@PathVariable String name) {
        FilterView filter = filters.get(name);
        return ResponseEntity.ok().eTag(ETags.of(filter.version())).body(filter);
    }

    @Operation(summary = "The text of a filter's current version")
    @GetMapping(path = "/{name}", produces = MediaType.TEXT_PLAIN_VALUE)
    ResponseEntity<byte[]> text(@PathVariable String name) {
        FilterView filter = filters.get(name);
        return ResponseEntity.ok()
                .contentType(TEXT)
                .eTag(ETags.of(filter.version()))
                .body(filter.text().getBytes(StandardCharsets.UTF_8));
    }

    @Operation(summary = "Stores a new version of a filter, its text as the body; needs If-Match")
    @PutMapping(path = "/{name}", consumes = {MediaType.TEXT_PLAIN_VALUE, MediaType.APPLICATION_OCTET_STREAM_VALUE})
    ResponseEntity<FilterView> update(
            @PathVariable String name,
            @RequestHeader(name = "If-Match", required = false) @Nullable String ifMatch,
            @RequestParam(defaultValue = "") String note,
            @RequestBody byte[] text) {
        return updated(name, ifMatch, FilterService.decode(text), note);
    }

    @Operation(summary = "Stores a new version of a filter; needs If-Match")
    @PutMapping(path = "/{name}", consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<FilterView> update(
            @PathVariable String name,
            @RequestHeader(name = "If-Match", required = false) @Nullable String ifMatch,
            @RequestBody FilterBody body) {
        return updated(name, ifMatch, body.requiredText(), orEmpty(body.note()));
    }

    private ResponseEntity<FilterView> updated(String name, @Nullable String ifMatch, String text, String note) {
        filters.get(name); // a filter that is not there is said before a header that is missing
        FilterView filter = filters.update(name, ETags.required(ifMatch), text, note);
        return ResponseEntity.ok().eTag(ETags.of(filter.version())).body(filter);
    }

    @Operation(summary = "Deletes a filter that is enabled nowhere")
    @DeleteMapping("/{name}")
    ResponseEntity<Void> delete(
            @PathVariable String name, @RequestHeader(name = "If-Match", required = false) @Nullable String ifMatch) {
        OptionalInt version = ETags.version(ifMatch);
        filters.delete(name, version.isPresent() ? Integer.valueOf(version.getAsInt()) : null);
        return ResponseEntity.noContent().build();
    }

    @Operation(summary = "The versions of a filter, newest first")
    @GetMapping("/{name}/versions")
    Page<FilterVersionView> versions(
            @PathVariable String name, @RequestParam(defaultValue = "0") int page, @RequestParam(defaultValue = "50") int size) {
        return filters.versions(name, page, size);
    }

    @Operation(summary = "One version of a filter")
    @GetMapping("/{name}/versions/{version}")
    FilterView version(@PathVariable String name, @PathVariable int version) {
        return filters.version(name, version);
    }

    @Operation(summary = "The classes and methods of a jar, which is the body, for an editor; the jar is not kept")
    @PostMapping(path = "/names", consumes = {"application/java-archive", MediaType.APPLICATION_OCTET_STREAM_VALUE})
    JarNames names(HttpServletRequest request, Authentication caller) throws IOException {
        try (Slots.Slot slot = uploads.take(caller.getName())) {
            return JarReader.names(request.getInputStream());
        }
    }

    @Operation(summary = "A text, which is the body, in the usual layout; stores nothing")
    @PostMapping(
            path = "/format",
            consumes = {MediaType.TEXT_PLAIN_VALUE, MediaType.APPLICATION_OCTET_STREAM_VALUE},
            produces = MediaType.TEXT_PLAIN_VALUE)
    ResponseEntity<byte[]> format(@RequestBody byte[] text) {
        return ResponseEntity.ok().contentType(TEXT).body(FilterChecker.formatted(FilterService.decode(text)).getBytes(StandardCharsets.UTF_8));
    }

    @Operation(summary = "A text, which is the body, with pins for the methods that it would weave in a JVM, instead of those that it has; stores nothing")
    @PostMapping(
            path = "/pin",
            consumes = {MediaType.TEXT_PLAIN_VALUE, MediaType.APPLICATION_OCTET_STREAM_VALUE},
            produces = MediaType.TEXT_PLAIN_VALUE)
    CompletableFuture<ResponseEntity<byte[]>> pin(@RequestParam long target, @RequestBody byte[] text) {
        return filters.pinned(FilterService.decode(text), target)
                .thenApply(pinned -> ResponseEntity.ok().contentType(TEXT).body(pinned.getBytes(StandardCharsets.UTF_8)));
    }

    @Operation(summary = "Checks a text, which is the body, and stores nothing")
    @PostMapping(path = "/check", consumes = {MediaType.TEXT_PLAIN_VALUE, MediaType.APPLICATION_OCTET_STREAM_VALUE})
    CheckResult check(
            @RequestParam(defaultValue = "") String name, @RequestParam(required = false) @Nullable Long target, @RequestBody byte[] text) {
        return filters.check(name, FilterService.decode(text), target);
    }

    @Operation(summary = "Checks a text, with a target against the classes of that JVM, and stores nothing")
    @PostMapping(path = "/check", consumes = MediaType.APPLICATION_JSON_VALUE)
    CheckResult check(@RequestBody FilterBody body) {
        return filters.check(orEmpty(body.name()), body.requiredText(), body.target());
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }
}
