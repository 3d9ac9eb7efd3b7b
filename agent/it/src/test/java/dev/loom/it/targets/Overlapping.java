package dev.loom.it.targets;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** Two threads that overlap in a region, as code of a bundle or a module: it refers to nothing but the JDK. */
public final class Overlapping implements Runnable {

    private final AtomicInteger inside = new AtomicInteger();
    private volatile int overlaps;

    private void region() {
        if (inside.incrementAndGet() > 1) {
            overlaps++;
        }
        // long enough to be met, and nothing that takes the processors from other tests
        LockSupport.parkNanos(100_000);
        inside.decrementAndGet();
    }

    private void work() {
        while (true) {
            region();
        }
    }

    /** Says for each window of 200 ms whether they overlapped, for two minutes. */
    @Override
    public void run() {
        for (int i = 0; i < 2; i++) {
            Thread worker = new Thread(this::work, "worker-" + i);
            worker.setDaemon(true);
            worker.start();
        }
        System.out.println("ready");
        try {
            for (int window = 0; window < 600; window++) {
                int before = overlaps;
                Thread.sleep(200);
                System.out.println("window " + window + " overlapped " + (overlaps > before));
            }
        } catch (InterruptedException e) {
            System.out.println("interrupted");
        }
    }

    public static void main(String[] args) {
        new Overlapping().run();
    }
}
