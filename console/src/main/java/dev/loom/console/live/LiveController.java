package dev.loom.console.live;

import dev.loom.client.Interleaving;
import dev.loom.console.contract.LoomProblem;
import dev.loom.console.contract.Page;
import dev.loom.console.contract.ProblemCode;
import dev.loom.console.deployment.DeploymentView;
import dev.loom.console.deployment.DriftActions;
import dev.loom.console.metrics.History;
import dev.loom.console.metrics.HistoryService;
import dev.loom.console.stream.LongPolls;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.request.async.DeferredResult;

/** The live state of filters in a JVM over REST. */
@RestController
@RequestMapping("/api/v1/targets/{id}")
@Tag(name = "live")
class LiveController {

    private static final Duration USUAL_SPAN = Duration.ofMinutes(10);

    private static final Instant OLDEST = Instant.EPOCH;
    private static final Instant LATEST = Instant.parse("2500-01-01T00:00:00Z");

    private final LiveService live;
    private final InterleavingService interleavings;
    private final HistoryService history;
    private final DriftActions drift;
    private final LongPolls waiting;
    private final Clock clock;

    LiveController(LiveService live, InterleavingService interleavings, HistoryService history, DriftActions drift, LongPolls waiting, Clock clock) {
        this.live = live;
        this.interleavings = interleavings;
        this.history = history;
        this.drift = drift;
        this.waiting = waiting;
        this.clock = clock;
    }

    record AcceptBody(@Nullable String why) {}

    @Operation(summary = "The filters that a JVM's agent tells of")
    @GetMapping("/filters")
    Page<LiveFilter> list(@PathVariable long id) {
        List<LiveFilter> filters = live.onTarget(id);
        return new Page<>(filters, 0, Math.max(1, filters.size()), filters.size());
    }

    @Operation(summary = "A filter in a JVM: state, progress, stragglers, hooks, overhead")
    @GetMapping("/filters/{name}")
    LiveFilter get(@PathVariable long id, @PathVariable String name) {
        return live.get(id, name);
    }

    /** The newest first. */
    record Seen(List<Interleaving> interleavings) {}

    @Operation(summary = "The last interleavings that a filter prevented in a JVM, or saw, with both stacks: a few a second are looked at, 50 are kept")
    @GetMapping("/filters/{name}/interleavings")
    CompletableFuture<Seen> interleavings(@PathVariable long id, @PathVariable String name) {
        return interleavings.of(id, name).thenApply(Seen::new);
    }

    @Operation(summary = "Accepts the threads that are still in the way, with the reason")
    @PostMapping("/filters/{name}/accept")
    LiveFilter accept(@PathVariable long id, @PathVariable String name, @RequestBody AcceptBody body) {
        return live.accept(id, name, body.why() == null ? "" : body.why());
    }

    @Operation(summary = "Takes an install that is not finished back")
    @PostMapping("/filters/{name}/cancel")
    DeferredResult<LiveFilter> cancel(
            @PathVariable long id, @PathVariable String name, @RequestParam(defaultValue = "5") int wait, Authentication caller) {
        LiveFilter before = live.cancel(id, name);
        return waiting.until(
                () -> live.get(id, name), now -> now.deployment() == null || !now.deployment().equals(before.deployment()), wait,
                caller.getName(), now -> now);
    }

    @Operation(summary = "Makes what was changed in the JVM elsewhere what is wanted there: a text, a mode, a filter, or none")
    @PostMapping("/filters/{name}/adopt")
    DeploymentView adopt(@PathVariable long id, @PathVariable String name) {
        return drift.adopt(id, name);
    }

    @Operation(summary = "Has what a deployment wants in the JVM applied again, where it was changed elsewhere")
    @PostMapping("/filters/{name}/reapply")
    DeploymentView reapply(@PathVariable long id, @PathVariable String name) {
        return drift.reapply(id, name);
    }

    @Operation(summary = "Takes a filter out of the JVM that no deployment wants there")
    @DeleteMapping("/filters/{name}")
    LiveFilter remove(@PathVariable long id, @PathVariable String name) {
        drift.remove(id, name);
        return live.get(id, name);
    }

    @Operation(summary = "Numbers of a filter in a JVM over time, with the application's own failures beside")
    @GetMapping("/filters/{name}/history")
    History history(
            @PathVariable long id,
            @PathVariable String name,
            @RequestParam(required = false) @Nullable Instant from,
            @RequestParam(required = false) @Nullable Instant to) {
        return between(id, name, from, to);
    }

    @Operation(summary = "Numbers of a JVM over time")
    @GetMapping("/history")
    History history(
            @PathVariable long id, @RequestParam(required = false) @Nullable Instant from, @RequestParam(required = false) @Nullable Instant to) {
        return between(id, null, from, to);
    }

    private History between(long id, @Nullable String filter, @Nullable Instant from, @Nullable Instant to) {
        Instant end = to == null ? Instant.ofEpochMilli(clock.millis()) : to;
        Instant start = from == null ? (end.isBefore(OLDEST.plus(USUAL_SPAN)) ? OLDEST : end.minus(USUAL_SPAN)) : from;
        if (start.isBefore(OLDEST) || end.isAfter(LATEST) || end.isBefore(OLDEST) || start.isAfter(LATEST)
                || Duration.between(start, end).toDays() > 400) {
            throw new LoomProblem(ProblemCode.BAD_REQUEST, "The span is too long, or far from now: 400 days at most, since 1970.");
        }
        return history.history(id, filter, start, end);
    }
}
