package dev.loom.bootstrap;

import static org.junit.jupiter.api.Assertions.fail;

import dev.loom.bootstrap.hook.LockWait;
import dev.loom.bootstrap.wait.Wait;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Assumptions;

/** Threads of a test, each joined with a deadline. */
public final class Threads {

    private static final long DEADLINE_SECONDS = 30;

    private Threads() {}

    /** A thread that has something to answer. */
    public static final class Started<T> {
        public final Thread thread;
        private final FutureTask<T> task;

        private Started(Thread thread, FutureTask<T> task) {
            this.thread = thread;
            this.task = task;
        }

        /** Its answer; fails the test if it does not end, or throws. */
        public T get() {
            try {
                return task.get(DEADLINE_SECONDS, TimeUnit.SECONDS);
            } catch (TimeoutException e) {
                StringBuilder stack = new StringBuilder();
                for (StackTraceElement frame : thread.getStackTrace()) {
                    stack.append("\n  at ").append(frame);
                }
                return fail(thread + " does not end" + stack);
            } catch (InterruptedException | ExecutionException e) {
                return fail(e);
            }
        }
    }

    public static <T> Started<T> start(Callable<T> body) {
        FutureTask<T> task = new FutureTask<>(body);
        Thread thread = new Thread(task, "test");
        thread.setDaemon(true);
        thread.start();
        return new Started<>(thread, task);
    }

    public static Started<Void> start(Runnable body) {
        return start(() -> {
            body.run();
            return null;
        });
    }

    /** A virtual thread; skips the test where there are none. */
    public static <T> Started<T> startVirtual(Callable<T> body) {
        FutureTask<T> task = new FutureTask<>(body);
        try {
            Thread thread = (Thread) Thread.class.getMethod("startVirtualThread", Runnable.class).invoke(null, task);
            return new Started<>(thread, task);
        } catch (NoSuchMethodException e) {
            Assumptions.abort("no virtual threads in this JVM");
        } catch (ReflectiveOperationException e) {
            Assumptions.abort("no virtual threads: " + e.getCause());
        }
        throw new AssertionError();
    }

    public static void startAll(int count, IntConsumer body) {
        List<Started<Void>> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int number = i;
            all.add(start(() -> body.accept(number)));
        }
        all.forEach(Started::get);
    }

    public static void await(CountDownLatch latch) {
        try {
            if (!latch.await(DEADLINE_SECONDS, TimeUnit.SECONDS)) {
                fail("not in time");
            }
        } catch (InterruptedException e) {
            fail(e);
        }
    }

    /** Waits until it is so. */
    public static void until(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                fail("not in time: " + what);
            }
            Thread.onSpinWait();
            Thread.yield();
        }
    }

    /** Waits until that thread waits in a hook. */
    public static void untilWaiting(Thread thread) {
        until("wait of " + thread, () -> {
            Wait wait = waitOf(thread);
            return wait != null && wait.queued; // it is registered before it has its place in the queue
        });
    }

    public static LockWait waitOf(Thread thread) {
        for (LockWait wait : LockWait.longerThan(0)) {
            if (wait.thread() == thread) {
                return wait;
            }
        }
        return null;
    }
}
