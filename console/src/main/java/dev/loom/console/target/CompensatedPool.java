package dev.loom.console.target;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * A pool in which tasks that are stuck do not count: for each that has been at work for longer than {@link #STUCK_NANOS} one more thread
 * comes, up to a bound. So JVMs that are frozen hold up no others, and a healthy fleet needs few threads.
 */
final class CompensatedPool extends ThreadPoolExecutor {

    private static final long STUCK_NANOS = 500_000_000L;
    private static final int MOST_STUCK = 1_500;

    private final int threads;
    private final Map<Thread, Long> since = new ConcurrentHashMap<>();

    CompensatedPool(int threads, ThreadFactory factory) {
        super(threads, threads, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), factory);
        this.threads = threads;
        allowCoreThreadTimeOut(true);
    }

    @Override
    protected void beforeExecute(Thread thread, Runnable task) {
        since.put(thread, System.nanoTime());
    }

    @Override
    protected void afterExecute(Runnable task, Throwable failure) {
        since.remove(Thread.currentThread());
    }

    /** Takes no more tasks. None is interrupted: an interrupt in a write to H2's file closes that file for everybody. */
    void end() {
        getQueue().clear();
        shutdown();
    }

    /** To be called now and then, by one thread. */
    void compensate() {
        long now = System.nanoTime();
        int stuck = (int) since.values().stream().filter(start -> now - start > STUCK_NANOS).count();
        int wanted = threads + Math.min(stuck, MOST_STUCK);
        if (wanted > getMaximumPoolSize()) {
            setMaximumPoolSize(wanted);
            setCorePoolSize(wanted);
        } else if (wanted < getCorePoolSize()) {
            setCorePoolSize(wanted);
            setMaximumPoolSize(wanted);
        }
    }
}
