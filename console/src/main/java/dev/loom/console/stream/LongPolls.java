package dev.loom.console.stream;

import jakarta.annotation.PreDestroy;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.springframework.stereotype.Component;
import org.springframework.web.context.request.async.DeferredResult;

/** Lets a request wait a while for something to come true, for scripts that would ask again and again. No thread waits with it. */
@Component
public class LongPolls {

    /** Longest wait of a request. */
    public static final Duration LONGEST = Duration.ofSeconds(60);

    private static final int MOST = 400;
    private static final int MOST_EACH = 40;
    private static final long FIRST_STEP_MILLIS = 100;
    private static final long LAST_STEP_MILLIS = 1_000;

    private final Slots slots = new Slots("waiting requests", MOST, MOST_EACH);
    private final ScheduledExecutorService clock = Executors.newScheduledThreadPool(2, task -> {
        Thread thread = new Thread(task, "loom-waiting");
        thread.setDaemon(true);
        return thread;
    });

    /**
     * Answers with the value when it is as wanted, or else when the time is over.
     *
     * @param who asks; each may have a number of requests waiting
     * @param answer made of the value
     */
    public <T, A> DeferredResult<A> until(Supplier<T> value, Predicate<T> wanted, int seconds, String who, Function<T, A> answer) {
        DeferredResult<A> result = new DeferredResult<>(null);
        T now = value.get();
        if (seconds <= 0 || wanted.test(now)) {
            result.setResult(answer.apply(now));
            return result;
        }
        Slots.Slot slot = slots.take(who);
        result.onCompletion(slot::close);
        long end = System.nanoTime() + Math.min(seconds, LONGEST.toSeconds()) * 1_000_000_000L;
        new Object() {
            private long step = FIRST_STEP_MILLIS;

            void look() {
                try {
                    T then = value.get();
                    if (wanted.test(then) || System.nanoTime() - end > 0) {
                        result.setResult(answer.apply(then));
                    } else if (!result.isSetOrExpired()) {
                        later();
                    }
                } catch (RuntimeException e) {
                    result.setErrorResult(e);
                }
            }

            void later() {
                step = Math.min(LAST_STEP_MILLIS, step + step / 8);
                try {
                    clock.schedule(this::look, step, TimeUnit.MILLISECONDS);
                } catch (RejectedExecutionException stopping) {
                    result.setResult(answer.apply(now));
                }
            }
        }.later();
        return result;
    }

    @PreDestroy
    void close() {
        clock.shutdown(); // without an interrupt, which would close H2's file
    }
}
