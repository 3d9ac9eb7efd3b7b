package dev.loom.console.support;

import java.time.Duration;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Waits for something to come true, with a deadline that a busy machine can keep. */
public final class Await {

    private static final Duration DEADLINE = Duration.ofSeconds(60);

    private Await() {}

    public static <T> T until(Supplier<T> value, Predicate<T> wanted, String what) {
        long end = System.nanoTime() + DEADLINE.toNanos();
        T now = value.get();
        while (!wanted.test(now)) {
            if (System.nanoTime() > end) {
                throw new AssertionError(what + " did not become as wanted within " + DEADLINE.toSeconds() + " s; it is " + now);
            }
            java.util.concurrent.locks.LockSupport.parkNanos(20_000_000);
            now = value.get();
        }
        return now;
    }
}
