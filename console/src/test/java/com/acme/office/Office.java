package com.acme.office;

import dev.loom.console.support.FakeAgent;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Threads of all sorts, each sort on request: {@code deadlock} (two clerks, and two porters over locks of {@code java.util.concurrent}), {@code
 * workers=N} (idle), {@code crowd=N} (blocked by one that sleeps), {@code sorts=N} (each with a stack of its own), {@code hostile} (names that are none). Plays an agent with the other arguments;
 * with {@code real} there is one already.
 */
public final class Office {

    /** Names as somebody might choose who means harm, or does not know what a name is. */
    public static final String MARKUP = "<img src=x onerror=\"document.title='taken'\"></pre><script>document.title='taken'</script>";
    private static final String FORGED = "quiet\" #1 prio=5\n   java.lang.Thread.State: RUNNABLE\n\tat com.acme.Forged.frame(Forged.java:1)\n\n\"other";
    private static final String REVERSED = "gnp\u202Egnp";

    private static final Object DESK = new Object();
    private static final Object TILL = new Object();
    private static final ReentrantLock DOOR = new ReentrantLock();
    private static final ReentrantLock GATE = new ReentrantLock();
    private static final Object COUNTER = new Object();
    private static final LinkedBlockingQueue<String> WORK = new LinkedBlockingQueue<>();

    private Office() {}

    public static void main(String[] arguments) throws Exception {
        boolean real = false;
        for (String argument : arguments) {
            int number = argument.matches("(workers|crowd|sorts)=\\d+") ? Integer.parseInt(argument.replaceFirst(".*=", "")) : 0;
            switch (argument.replaceFirst("=.*", "")) {
                case "deadlock" -> deadlock();
                case "workers" -> {
                    for (int i = 1; i <= number; i++) {
                        start("worker-" + i, Office::work);
                    }
                }
                case "crowd" -> crowd(number);
                case "sorts" -> {
                    for (int i = 1; i <= number; i++) {
                        int depth = i;
                        start("sort-" + i, () -> descend(depth));
                    }
                }
                case "hostile" -> {
                    start(MARKUP, Office::work);
                    start("x".repeat(10_000), Office::work);
                    start(FORGED, Office::work);
                    start(REVERSED, Office::rest);
                    start("", Office::rest);
                    start("twin", Office::work);
                    start("twin", Office::rest);
                }
                case "real" -> real = true;
                default -> {}
            }
        }
        if (!real) {
            FakeAgent.main(arguments);
        }
        System.out.println("PORT 0"); // there is none of its own
        System.in.read();
        System.exit(0);
    }

    private static Thread start(String name, Runnable task) {
        Thread thread = new Thread(null, task, name, 128 << 10);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    /** Until all stand in front of a monitor that another has. */
    private static void awaitStanding(List<Thread> threads) {
        while (!threads.stream().allMatch(thread -> thread.getState() == Thread.State.BLOCKED)) {
            Thread.yield();
        }
    }

    private static void deadlock() throws InterruptedException {
        CountDownLatch both = new CountDownLatch(2);
        CountDownLatch porters = new CountDownLatch(2);
        List<Thread> threads = List.of(
                start("clerk-1", () -> serve(DESK, TILL, both)), start("clerk-2", () -> serve(TILL, DESK, both)),
                start("porter-1", () -> carry(DOOR, GATE, porters)), start("porter-2", () -> carry(GATE, DOOR, porters)));
        both.await();
        porters.await();
        while (ManagementFactory.getThreadMXBean().findDeadlockedThreads() == null
                || ManagementFactory.getThreadMXBean().findDeadlockedThreads().length < threads.size()) {
            Thread.yield();
        }
    }

    private static void serve(Object first, Object second, CountDownLatch both) {
        synchronized (first) {
            arrive(both);
            synchronized (second) {
                rest();
            }
        }
    }

    private static void carry(ReentrantLock first, ReentrantLock second, CountDownLatch both) {
        first.lock();
        try {
            arrive(both);
            second.lock();
            second.unlock();
        } finally {
            first.unlock();
        }
    }

    private static void crowd(int number) throws InterruptedException {
        CountDownLatch taken = new CountDownLatch(1);
        start("cashier", () -> {
            synchronized (COUNTER) {
                taken.countDown();
                rest();
            }
        });
        taken.await();
        List<Thread> customers = new ArrayList<>();
        for (int i = 1; i <= number; i++) {
            customers.add(start("customer-" + i, Office::queue));
        }
        awaitStanding(customers);
    }

    private static void queue() {
        synchronized (COUNTER) {
            rest();
        }
    }

    private static void arrive(CountDownLatch both) {
        both.countDown();
        try {
            both.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void work() {
        try {
            while (true) {
                WORK.take();
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void descend(int depth) {
        if (depth > 0) {
            descend(depth - 1);
        } else {
            rest();
        }
    }

    private static void rest() {
        try {
            Thread.sleep(Long.MAX_VALUE);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
