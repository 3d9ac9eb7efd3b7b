package dev.loom.it.harness;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Waits for something by looking, up to a deadline. */
public final class Await {

    /** A look is a call over JMX: what comes at once is seen at once, and longer waits leave the processors to what they wait for. */
    private static final long SHORTEST_PAUSE = 1_000_000;
    private static final long LONGEST_PAUSE = 25_000_000;
    /** Machines that build are slow at times. */
    public static final Duration LONG = Duration.ofSeconds(60);

    private Await() {}

    /** Waits until a condition holds. */
    public static void until(String what, Callable<Boolean> condition) {
        until(what, LONG, condition, () -> "");
    }

    /** Waits until a condition holds; says more if it does not in time. */
    public static void until(String what, Duration patience, Callable<Boolean> condition, Supplier<String> more) {
        long began = System.nanoTime();
        while (true) {
            try {
                if (condition.call()) {
                    return;
                }
            } catch (RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new IllegalStateException(what, e);
            }
            long passed = System.nanoTime() - began;
            if (passed > patience.toNanos()) {
                throw new AssertionError("not within " + patience.toSeconds() + " s: " + what + " " + more.get());
            }
            LockSupport.parkNanos(Math.max(SHORTEST_PAUSE, Math.min(LONGEST_PAUSE, passed / 8)));
        }
    }
}
