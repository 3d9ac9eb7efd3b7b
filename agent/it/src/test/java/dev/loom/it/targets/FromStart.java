package dev.loom.it.targets;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Three threads that go into a region with the program's first instructions, and three more into that of a class which is loaded later.
 * Says how many were inside at once, and stays.
 */
public final class FromStart {

    static final AtomicLong OVERLAPS = new AtomicLong();
    private static final AtomicInteger INSIDE = new AtomicInteger();
    private static final AtomicLong TURNS = new AtomicLong();

    private FromStart() {}

    static void region() {
        if (INSIDE.incrementAndGet() > 1) {
            OVERLAPS.incrementAndGet();
        }
        Thread.yield();
        INSIDE.decrementAndGet();
    }

    /** Is loaded when the program has run for a while. */
    static final class Later {
        private static final AtomicInteger INSIDE_LATER = new AtomicInteger();

        private Later() {}

        static void region() {
            if (INSIDE_LATER.incrementAndGet() > 1) {
                OVERLAPS.incrementAndGet();
            }
            Thread.yield();
            INSIDE_LATER.decrementAndGet();
        }
    }

    private static void together(Runnable region, long millis) throws InterruptedException {
        CountDownLatch go = new CountDownLatch(3);
        Thread[] threads = new Thread[3];
        for (int i = 0; i < threads.length; i++) {
            threads[i] = new Thread(() -> {
                go.countDown();
                for (long end = System.nanoTime() + millis * 1_000_000; System.nanoTime() < end; TURNS.incrementAndGet()) {
                    region.run();
                }
            });
            threads[i].start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }

    public static void main(String[] args) throws Exception {
        together(FromStart::region, 1_000);
        together(() -> Later.region(), 500);
        System.out.println("overlaps " + OVERLAPS.get() + " turns " + TURNS.get() + " CLEAN");
        Thread.sleep(Long.parseLong(args[0]) * 1_000);
    }
}
