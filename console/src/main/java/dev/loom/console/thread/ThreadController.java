package dev.loom.console.thread;

import dev.loom.console.stream.Slots;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.Authentication;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.request.async.DeferredResult;

/** Thread dumps over REST. */
@RestController
@RequestMapping("/api/v1/targets/{id}")
@Tag(name = "targets")
class ThreadController {

    private static final MediaType TEXT = new MediaType(MediaType.TEXT_PLAIN, StandardCharsets.UTF_8);

    private final ThreadDumps dumps;
    /** A dump may be large, and who reads it slow. */
    private final Slots slots = new Slots("thread dumps", 20, 4);

    ThreadController(ThreadDumps dumps) {
        this.dumps = dumps;
    }

    @Operation(summary = "The platform threads of a JVM now: states, stacks, locks, who waits for whom, deadlocks")
    @GetMapping(path = "/threads", produces = MediaType.APPLICATION_JSON_VALUE)
    DeferredResult<ThreadDumpView> threads(@PathVariable long id, Authentication caller) {
        return answer(id, caller, ThreadDumpView::of);
    }

    @Operation(summary = "The same as jstack prints it")
    @GetMapping(path = "/threads", produces = MediaType.TEXT_PLAIN_VALUE)
    DeferredResult<ResponseEntity<byte[]>> text(@PathVariable long id, Authentication caller) {
        return answer(id, caller, taken -> ResponseEntity.ok().contentType(TEXT).body(DumpText.of(taken).getBytes(StandardCharsets.UTF_8)));
    }

    /** Takes no thread until the dump is there, and then a slot until it is sent. */
    private <A> DeferredResult<A> answer(long id, Authentication caller, Function<TakenDump, A> view) {
        DeferredResult<A> result = new DeferredResult<>(null);
        dumps.take(id).thenApply(taken -> {
            Slots.Slot slot = slots.take(caller.getName());
            result.onCompletion(slot::close);
            if (result.isSetOrExpired()) {
                slot.close(); // whoever asked has gone
            }
            return view.apply(taken);
        }).whenComplete((answer, failure) -> {
            if (failure == null) {
                result.setResult(answer);
            } else {
                result.setErrorResult(failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure);
            }
        });
        return result;
    }
}
