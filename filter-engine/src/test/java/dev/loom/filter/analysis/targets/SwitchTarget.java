package dev.loom.filter.analysis.targets;

import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;

/** {@code back(n)}: so many guards on jumps of the line; {@code after(n)}: so many guards in front of code of the line. */
public class SwitchTarget {

    static void work() {}

    static boolean test() {
        return false;
    }

    int counted(int n) {
        int s = 0;
        for (int i = 0; i < n; i++) { // back(1)
            s += i;
        }
        return s;
    }

    int doWhile(int n) {
        do {
            n -= 3;
        } while (n > 0); // back(1)
        return n;
    }

    void continues(int n) {
        while (test()) {
            if (n > 3) { // after(1)
                continue; // back(1)
            }
            work(); // back(1)
        }
    }

    void worker(BlockingQueue<Runnable> queue) throws InterruptedException {
        while (true) {
            Runnable job = queue.take();
            job.run(); // after(1)
        } // back(1)
    }

    Object onceBlocked(BlockingQueue<Object> queue) throws InterruptedException {
        Object first = queue.poll(1, TimeUnit.SECONDS);
        Object second = first; // after(1)
        return second;
    }

    Object neverBlocked(BlockingQueue<Object> queue, Map<String, Object> map) {
        map.remove("x");
        return queue.poll();
    }

    int iterated(List<Integer> all) {
        int s = 0;
        for (Iterator<Integer> it = all.iterator(); it.hasNext(); ) {
            s += it.next(); // back(1)
        }
        return s;
    }

    void inMonitor(Object lock, int n) {
        synchronized (lock) {
            for (int i = 0; i < n; i++) { // skipped(MONITOR)
                work();
            }
        }
    }

    void blockedInMonitor(Object lock) throws InterruptedException {
        synchronized (lock) {
            lock.wait();
        }
        work(); // after(1)
    }

    IntSupplier inLambda(int n) {
        return () -> {
            int s = 0;
            while (s < n) {
                s += 2; // back(1)
            }
            return s;
        };
    }

    int onTheStack(int n) {
        return n + new StringBuilder(test() ? "a" : "b").length();
    }
}
