package dev.loom.console.rest;

import java.time.Duration;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Lets a request wait a while for something to come true, for scripts that would ask again and again. */
public final class Waiting {

    /** Longest wait of a request. */
    public static final Duration LONGEST = Duration.ofSeconds(60);

    private static final long STEP_MILLIS = 100;

    private Waiting() {}

    /** The value when it is as wanted, or else when the time is over. */
    public static <T> T until(Supplier<T> value, Predicate<T> wanted, int seconds) {
        long end = System.nanoTime() + Math.min(Math.max(seconds, 0), LONGEST.toSeconds()) * 1_000_000_000L;
        T now = value.get();
        while (!wanted.test(now) && System.nanoTime() < end) {
            try {
                Thread.sleep(STEP_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return now;
            }
            now = value.get();
        }
        return now;
    }
}
