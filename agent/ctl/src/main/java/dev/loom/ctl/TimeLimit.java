package dev.loom.ctl;

import dev.loom.ctl.failure.CommandFailure;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * The time that {@code --wait} gives a command, which ends it whatever the other side does.
 *
 * @param seconds 0 does not wait, and limits nothing
 * @param deadline by {@link System#nanoTime}
 */
record TimeLimit(double seconds, long deadline) {

    /** For an answer that is on its way when the time is over, ns. */
    private static final long GRACE_NANOS = 500_000_000;

    /** From the start of the tool on. */
    static TimeLimit of(double seconds, long startedNanos) {
        if (!(seconds >= 0 && seconds < 1e9)) {
            throw CommandFailure.usage("--wait must be a number of seconds from 0 on", "");
        }
        return new TimeLimit(seconds, startedNanos + (long) (seconds * 1e9));
    }

    /** Whether there is time to look again. */
    boolean isLeft() {
        return seconds > 0 && System.nanoTime() - deadline < 0;
    }

    /** Returns what the steps return, or in their place what {@code late} does when the time is over. */
    <T> T run(Callable<T> steps, Supplier<T> late) {
        FutureTask<T> task = new FutureTask<>(steps);
        if (seconds > 0) {
            Thread thread = new Thread(task, "steps");
            thread.setDaemon(true);
            thread.start();
        } else {
            task.run();
        }
        try {
            return seconds > 0 ? task.get(deadline + GRACE_NANOS - System.nanoTime(), TimeUnit.NANOSECONDS) : task.get();
        } catch (TimeoutException e) {
            return late.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof CommandFailure failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw CommandFailure.failed("interrupted", "");
        }
    }
}
