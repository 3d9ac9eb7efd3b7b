package dev.loom.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Threads that do one application's work, each its own turns, for ever. */
final class Crew {

    private final AtomicLong turns = new AtomicLong();
    private final AtomicLong longest = new AtomicLong();
    private final int size;
    /** Guards what follows. */
    private final ReentrantLock lock = new ReentrantLock();

    private final Condition changed = lock.newCondition();
    private boolean isHalted;
    private int idle;
    private volatile Throwable failure;

    private Crew(int size) {
        this.size = size;
    }

    static Crew start(String application, int size) throws Exception {
        Crew crew = new Crew(size);
        for (Workload workload : workloads(application, size)) {
            Thread thread = new Thread(() -> crew.work(workload), "worker");
            thread.setDaemon(true);
            thread.start();
        }
        return crew;
    }

    /** For each thread its own; what they stand on (mapper, database, server, the library's statics) is the same. */
    private static List<Workload> workloads(String application, int size) throws Exception {
        List<Workload> workloads = new ArrayList<>();
        Workload first = Worker.workload(application);
        workloads.add(first);
        for (int i = 1; i < size; i++) {
            workloads.add(switch (application) {
                case "h2" -> new H2Work(i);
                case "tomcat" -> ((HttpClientOf) first).another();
                case "netty" -> new NettyWork();
                default -> first;
            });
        }
        return workloads;
    }

    private void work(Workload workload) {
        try {
            while (true) {
                restWhileHalted();
                long begun = System.nanoTime();
                workload.once();
                long took = System.nanoTime() - begun;
                longest.accumulateAndGet(took, Math::max);
                turns.incrementAndGet();
            }
        } catch (Throwable t) {
            failure = t;
        }
    }

    private void restWhileHalted() {
        lock.lock();
        try {
            idle++;
            changed.signalAll();
            while (isHalted) {
                changed.awaitUninterruptibly();
            }
            idle--;
        } finally {
            lock.unlock();
        }
    }

    /** Returns when all rest. */
    void halt() throws InterruptedException {
        lock.lock();
        try {
            isHalted = true;
            while (idle < size && failure == null) {
                changed.await();
            }
        } finally {
            lock.unlock();
        }
    }

    void goOn() {
        lock.lock();
        try {
            isHalted = false;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Turns of all threads since the start. */
    long turns() {
        if (failure != null) {
            throw new IllegalStateException("a worker failed", failure);
        }
        return turns.get();
    }

    /** The longest turn of any thread since it was last asked, ms. */
    double longest() {
        return longest.getAndSet(0) / 1e6;
    }
}
