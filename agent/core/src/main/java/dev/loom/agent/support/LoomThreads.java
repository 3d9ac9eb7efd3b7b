package dev.loom.agent.support;

import dev.loom.bootstrap.wait.LoomThread;
import java.security.AccessController;
import java.security.PrivilegedAction;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Makes the agent's threads: daemons, named {@code loom-…}, that take nothing over from the application's thread that starts them. */
public final class LoomThreads {

    /** No lambda, as nothing is that every start of a JVM comes to: the first ones cost it tens of milliseconds. */
    private static final Thread.UncaughtExceptionHandler FAULT = new Thread.UncaughtExceptionHandler() {
        @Override
        public void uncaughtException(Thread thread, Throwable e) {
            AgentLog.error("thread " + thread.getName() + " ended by a fault", e);
        }
    };

    private LoomThreads() {}

    /** Makes a thread, not started. */
    public static Thread daemon(String name, Runnable body) {
        // what it may do does not depend on the application's thread that makes it, nor on a security manager that comes later
        @SuppressWarnings("removal")
        Thread thread = AccessController.doPrivileged(new PrivilegedAction<Thread>() {
            @Override
            public Thread run() {
                return new LoomThread(name, body);
            }
        });
        thread.setUncaughtExceptionHandler(FAULT);
        return thread;
    }

    /** Wakes a thread that parks and was told to end, and gives it up to 2 s for that. */
    public static void awaitEnd(Thread thread) {
        LockSupport.unpark(thread);
        try {
            thread.join(2_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** One thread that ends when idle for 10 s, with a queue of bounded length that loses its oldest task when it is full. */
    public static ThreadPoolExecutor single(String name, int queueLength) {
        ThreadPoolExecutor executor = new ThreadPoolExecutor(1, 1, 10, TimeUnit.SECONDS, new ArrayBlockingQueue<>(queueLength),
                task -> daemon(name, task), new ThreadPoolExecutor.DiscardOldestPolicy());
        executor.allowCoreThreadTimeOut(true);
        return executor;
    }
}
