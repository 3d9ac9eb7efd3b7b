package dev.loom.it.harness;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Waits for something by looking, up to a deadline. */
public final class Await {

    private static final long PAUSE = 1_000_000;
    /** Machines that build are slow at times. */
    public static final Duration LONG = Duration.ofSeconds(60);

    private Await() {}

    /** Waits until a condition holds. */
    public static void until(String what, Callable<Boolean> condition) {
        until(what, LONG, condition, () -> "");
    }

    /** Waits until a condition holds; says more if it does not in time. */
    public static void until(String what, Duration patience, Callable<Boolean> condition, Supplier<String> more) {
        long deadline = System.nanoTime() + patience.toNanos();
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
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not within " + patience.toSeconds() + " s: " + what + " " + more.get());
            }
            LockSupport.parkNanos(PAUSE);
        }
    }
}
