package dev.loom.it.targets;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.mockito.Mockito;

/**
 * Workers that count, and a rotation in which nobody is to count; it says CLEAN when it is over. The argument names what is strange about
 * the JVM: threads with overridden methods, or a mocking library that instruments the JDK.
 */
final class Rotations {

    private static final AtomicLong COUNT = new AtomicLong();
    private static final AtomicLong VIOLATIONS = new AtomicLong();
    private static volatile boolean rotating;

    private Rotations() {}

    /** A worker thread whose class overrides what may be overridden. */
    private static final class Odd extends Thread {
        private final String sort;
        private final long number;

        Odd(String sort, long number) {
            super("odd-" + number);
            this.sort = sort;
            this.number = number;
        }

        private void asked(String method) {
            if (sort.equals("throws")) {
                throw new IllegalStateException(method + " is the application's, and was called");
            }
        }

        @Override
        public void run() {
            work();
        }

        @Override
        @SuppressWarnings("deprecation")
        public long getId() {
            asked("getId");
            return switch (sort) {
                case "numbers-from-0" -> number;
                case "numbers-below-0" -> -5 - number;
                case "numbers-of-others" -> 1 + number;
                default -> super.getId();
            };
        }

        @Override
        public Thread.State getState() {
            asked("getState");
            return Thread.State.TERMINATED;
        }

        @Override
        public StackTraceElement[] getStackTrace() {
            asked("getStackTrace");
            return new StackTraceElement[0];
        }

        @Override
        public boolean equals(Object other) {
            asked("equals");
            return other instanceof Odd;
        }

        @Override
        public int hashCode() {
            asked("hashCode");
            return 7;
        }

        @Override
        public String toString() {
            asked("toString");
            return "odd";
        }
    }

    public static void main(String[] args) throws Exception {
        String sort = args[0];
        List<Object> mocks = new ArrayList<>();
        if (sort.equals("mocks")) {
            Thread thread = Mockito.mock(Thread.class);
            thread.isAlive();
            ReentrantLock lock = Mockito.mock(ReentrantLock.class);
            lock.lock();
            mocks.addAll(List.of(thread, lock, Mockito.mock(Object.class), Mockito.mock(AtomicLong.class)));
        }
        for (int i = 0; i < 3; i++) {
            Thread worker = sort.equals("mocks") ? new Thread(Rotations::work, "worker-" + i) : new Odd(sort, i);
            worker.setDaemon(true);
            worker.start();
        }
        System.out.println("ready");
        long rotations = 0;
        long slowest = 0;
        for (long end = System.nanoTime() + 1_000_000_000L * Long.parseLong(args[1]); System.nanoTime() < end; rotations++) {
            long begin = System.nanoTime();
            rotate();
            slowest = Math.max(slowest, System.nanoTime() - begin);
            Thread.sleep(50);
        }
        System.out.println("rotations " + rotations + " violations " + VIOLATIONS.get() + " slowest " + slowest / 1_000_000 + " ms, "
                + COUNT.get() + " turns" + (mocks.isEmpty() ? "" : ", mocks " + mocks.size()));
        System.out.println("CLEAN");
        System.exit(0);
    }

    private static void rotate() throws InterruptedException {
        rotating = true;
        Thread.sleep(20);
        rotating = false;
    }

    private static void work() {
        while (true) {
            turn();
            try {
                Thread.sleep(1);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private static void turn() {
        if (rotating) {
            VIOLATIONS.incrementAndGet();
        }
        COUNT.incrementAndGet();
    }
}
