package dev.loom.console.target;

import dev.loom.console.contract.LoomProblem;
import dev.loom.console.contract.ProblemCode;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Bounds how long somebody waits for a JVM's answer, without a thread that waits. */
public final class InTime {

    private InTime() {}

    /** The same answer, or a {@link LoomProblem} that says why there is none in time; what was asked goes on. */
    public static <T> CompletableFuture<T> of(Target target, long millis, CompletableFuture<T> asked) {
        return asked.copy().orTimeout(millis, TimeUnit.MILLISECONDS).exceptionally(failure -> {
            Throwable cause = failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
            throw cause instanceof TimeoutException
                    ? new LoomProblem(
                            ProblemCode.TARGET_TIMEOUT, target.name() + " has not answered within " + millis / 1_000 + " s.",
                            "What was asked goes on; look again in a moment.")
                    : cause instanceof LoomProblem problem ? problem : new CompletionException(cause);
        });
    }
}
