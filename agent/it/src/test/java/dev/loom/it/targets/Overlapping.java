package dev.loom.it.targets;

import java.util.concurrent.atomic.AtomicInteger;

/** Two threads that overlap in a region, as code of a bundle or a module: it refers to nothing but the JDK. */
public final class Overlapping implements Runnable {

    private final AtomicInteger inside = new AtomicInteger();
    private volatile int overlaps;

    private void region() {
        if (inside.incrementAndGet() > 1) {
            overlaps++;
        }
        Thread.yield();
        inside.decrementAndGet();
    }

    private void work() {
        while (true) {
            region();
        }
    }

    /** Says each second whether they overlapped. */
    @Override
    public void run() {
        for (int i = 0; i < 2; i++) {
            Thread worker = new Thread(this::work, "worker-" + i);
            worker.setDaemon(true);
            worker.start();
        }
        System.out.println("ready");
        try {
            for (int second = 0; second < 60; second++) {
                int before = overlaps;
                Thread.sleep(1_000);
                System.out.println("second " + second + " overlapped " + (overlaps > before));
            }
        } catch (InterruptedException e) {
            System.out.println("interrupted");
        }
    }

    public static void main(String[] args) {
        new Overlapping().run();
    }
}
