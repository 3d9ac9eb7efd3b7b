package dev.loom.it.targets;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;

/** Two threads that deadlock each other inside the region, by monitors or by interruptible locks, and one that is well. */
public final class Deadlocked {

    private static final Object[] MONITORS = {new Object(), new Object()};
    private static final ReentrantLock[] LOCKS = {new ReentrantLock(), new ReentrantLock()};
    private static final CountDownLatch BOTH = new CountDownLatch(2);
    private static final Thread[] STUCK = new Thread[2];
    private static final AtomicInteger TURNS = new AtomicInteger();

    private Deadlocked() {}

    static void region(int side, boolean locks) {
        if (side < 0) {
            TURNS.incrementAndGet();
            return;
        }
        try {
            if (locks) {
                LOCKS[side].lockInterruptibly();
                try {
                    meet();
                    LOCKS[1 - side].lockInterruptibly();
                    LOCKS[1 - side].unlock();
                } finally {
                    LOCKS[side].unlock();
                }
            } else {
                synchronized (MONITORS[side]) {
                    meet();
                    synchronized (MONITORS[1 - side]) {
                        Bench.error("the program has no deadlock");
                    }
                }
            }
        } catch (InterruptedException e) {
            TURNS.addAndGet(1_000_000);
        }
    }

    private static void meet() throws InterruptedException {
        BOTH.countDown();
        BOTH.await();
    }

    public static void main(String[] args) throws Exception {
        boolean locks = args[0].equals("locks");
        for (int i = 0; i < 2; i++) {
            int side = i;
            STUCK[i] = new Thread(() -> region(side, locks), "stuck-" + side);
            STUCK[i].setDaemon(true);
            STUCK[i].start();
        }
        BOTH.await();
        Bench.work("well", worker -> {
            while (true) {
                region(-1, locks);
                Thread.sleep(1);
            }
        });
        Bench.commands(command -> switch (command) {
            case "turns" -> Integer.toString(TURNS.get());
            default -> {
                STUCK[0].interrupt();
                yield "";
            }
        });
        Bench.run();
    }
}
