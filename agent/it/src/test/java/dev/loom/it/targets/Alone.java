package dev.loom.it.targets;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Workers of all sorts that count, and a region in which nobody is to count: {@code rotate}. The oracle is in the region itself: it reads
 * all counters, and again at its end, some time later.
 */
final class Alone {

    private static final int COUNTERS = 64;
    /** Far apart, so that workers do not slow each other down. */
    private static final long[][] COUNTS = new long[COUNTERS][16];

    private static final long[] FILLED = new long[1 << 20];
    private static final AtomicInteger GUARDED = new AtomicInteger();
    private static final AtomicInteger[] LANES = {new AtomicInteger(), new AtomicInteger()};
    private static final AtomicLong READY = new AtomicLong();
    private static final AtomicLong SERVED = new AtomicLong();
    private static final AtomicLong VIOLATIONS = new AtomicLong();
    private static final AtomicLong ROTATIONS = new AtomicLong();
    private static final AtomicLong MOVED = new AtomicLong();
    private static final Object MONITOR = new Object();
    private static final CountDownLatch LEAVE = new CountDownLatch(1);
    private static volatile boolean inside;
    private static volatile boolean stopped;
    private static int used;

    private Alone() {}

    public static void main(String[] args) throws Exception {
        List<String> sorts = List.of(args);
        if (sorts.contains("loops")) {
            Bench.work("loop", worker -> compute(next()));
            Bench.work("calls", worker -> calls(next()));
        }
        if (sorts.contains("pool")) {
            ExecutorService pool = Executors.newFixedThreadPool(4, Alone::daemon);
            int counter = next();
            Bench.work("submitter", worker -> {
                while (!stopped) {
                    pool.execute(() -> COUNTS[counter][0]++);
                    pause(200_000);
                }
            });
        }
        if (sorts.contains("queue")) {
            BlockingQueue<Integer> queue = new ArrayBlockingQueue<>(8);
            int consumed = next();
            int produced = next();
            Bench.work("consumer", worker -> {
                while (!stopped) {
                    Integer item = queue.take();
                    COUNTS[consumed][0] += item;
                }
            });
            Bench.work("producer", worker -> {
                while (!stopped) {
                    queue.put(1);
                    COUNTS[produced][0]++;
                }
            });
            BlockingQueue<Integer> never = new LinkedBlockingQueue<>();
            Bench.work("idle", worker -> {
                while (!stopped) {
                    Integer item = never.take();
                    COUNTS[0][0] += item;
                }
            });
        }
        if (sorts.contains("blocked")) {
            blocked();
        }
        if (sorts.contains("jdk")) {
            Bench.work("fills", worker -> fills());
        }
        if (sorts.contains("mixed")) {
            mixed();
        }
        if (sorts.contains("virtual")) {
            for (int i = 0; i < 20; i++) {
                int counter = next();
                Thread.class.getMethod("startVirtualThread", Runnable.class).invoke(null, (Runnable) () -> sleepy(counter));
            }
        }
        Bench.commands(Alone::command);
        Bench.run();
    }

    /** Threads that wait in the JDK's calls, each in its own way, and count between. */
    private static void blocked() throws IOException {
        int sleeper = next();
        Bench.work("sleeper", worker -> {
            while (!stopped) {
                Thread.sleep(1);
                COUNTS[sleeper][0]++;
            }
        });
        int waiter = next();
        Object own = new Object();
        Bench.work("waiter", worker -> {
            // (a loop that is wholly inside a synchronized block has no update point: a straggler)
            while (!stopped) {
                synchronized (own) {
                    own.wait(1);
                    COUNTS[waiter][0]++;
                }
            }
        });
        ReentrantLock lock = new ReentrantLock();
        Condition never = lock.newCondition();
        for (int i = 0; i < 2; i++) {
            int counter = next();
            Bench.work("condition" + i, worker -> {
                while (!stopped) {
                    lock.lock();
                    try {
                        COUNTS[counter][0]++;
                        never.awaitNanos(50_000);
                    } finally {
                        lock.unlock();
                    }
                }
            });
        }
        Object monitor = new Object();
        for (int i = 0; i < 2; i++) {
            int counter = next();
            Bench.work("monitor" + i, worker -> {
                while (!stopped) {
                    synchronized (monitor) {
                        COUNTS[counter][0]++;
                    }
                }
            });
        }
        ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Bench.work("acceptor", worker -> {
            while (!stopped) {
                socket.accept();
                COUNTS[0][0]++;
            }
        });
    }

    /** At work in the JDK for a long time at once, without code of the scope in between. */
    private static void fills() {
        long value = 0;
        while (!stopped) {
            value++;
            Arrays.fill(FILLED, value);
        }
    }

    /** Two threads each in a region that excludes the rotation, in one with a key, and before and behind an event. */
    private static void mixed() {
        for (int i = 0; i < 2; i++) {
            int counter = next();
            long lane = i;
            Bench.work("guarded" + i, worker -> {
                while (!stopped) {
                    guarded(counter);
                }
            });
            for (int twin = 0; twin < 2; twin++) {
                Bench.work("lane" + i + twin, worker -> {
                    while (!stopped) {
                        lane(lane, counter + 32);
                        pause(10_000);
                    }
                });
            }
        }
        int counter = next();
        Bench.work("ready", worker -> {
            while (!stopped) {
                ready(counter);
                pause(100_000);
            }
        });
        Bench.work("serve", worker -> {
            while (!stopped) {
                serve();
            }
        });
    }

    private static void guarded(int counter) {
        long[] mine = COUNTS[counter];
        if (GUARDED.incrementAndGet() > 1) {
            VIOLATIONS.incrementAndGet();
        }
        mine[0]++;
        GUARDED.decrementAndGet();
    }

    private static void lane(long key, int counter) {
        AtomicInteger inside = LANES[(int) key];
        if (inside.incrementAndGet() > 1) {
            VIOLATIONS.incrementAndGet();
        }
        COUNTS[counter][0]++;
        inside.decrementAndGet();
    }

    private static void ready(int counter) {
        COUNTS[counter][0]++;
        READY.incrementAndGet(); // @ready
    }

    private static void serve() {
        SERVED.incrementAndGet(); // @serve
        COUNTS[63][0]++;
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "pool");
        thread.setDaemon(true);
        return thread;
    }

    private static synchronized int next() {
        return ++used;
    }

    private static void compute(int counter) {
        long[] mine = COUNTS[counter];
        while (!stopped) {
            mine[0]++;
        }
    }

    private static void calls(int counter) {
        while (!stopped) {
            step(counter, 20);
        }
    }

    private static void step(int counter, int depth) {
        COUNTS[counter][0]++;
        if (depth > 0) {
            step(counter, depth - 1);
        }
    }

    private static void sleepy(int counter) {
        while (!stopped) {
            COUNTS[counter][0]++;
            pause(100_000);
        }
    }

    private static void pause(long nanos) {
        LockSupport.parkNanos(nanos);
    }

    private static long sum() {
        long sum = 0;
        for (int i = 0; i < COUNTERS; i++) {
            sum += COUNTS[i][0];
        }
        for (int i = 0; i < FILLED.length; i += 4_096) {
            sum += FILLED[i];
        }
        return sum;
    }

    /** The region. */
    private static void rotate(long nanos) {
        VIEW.fence();
        long before = sum();
        long end = System.nanoTime() + nanos;
        while (System.nanoTime() < end) {
            Thread.onSpinWait();
        }
        VIEW.fence();
        MOVED.addAndGet(sum() - before);
        ROTATIONS.incrementAndGet();
    }

    /** The same region, entered again from inside. */
    private static void nested() {
        rotate(1_000_000);
        rotate(1_000_000);
    }

    /** Another region: it stays until it is told to leave. */
    private static void stay() {
        inside = true;
        try {
            LEAVE.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        } finally {
            inside = false;
        }
    }

    /** Another region: it needs the monitor. */
    private static void needMonitor() {
        synchronized (MONITOR) {
            ROTATIONS.incrementAndGet();
        }
    }

    /** Another region: it ends the program. */
    private static void exit() {
        System.exit(7);
    }

    private static String command(String text) {
        switch (text) {
            case "rotate" -> Bench.work("rotate" + ROTATIONS.get(), worker -> {
                worker.stop();
                rotate(20_000_000);
            });
            case "rotations" -> {
                for (int i = 0; i < 2; i++) {
                    Bench.work("rotator" + i, worker -> {
                        for (int turn = 0; turn < 20; turn++) {
                            rotate(2_000_000);
                            pause(1_000_000);
                        }
                        worker.stop();
                    });
                }
            }
            case "nested" -> Bench.work("nested", worker -> {
                worker.stop();
                nested();
            });
            case "stay" -> Bench.work("stay", worker -> {
                worker.stop();
                stay();
            });
            case "leave" -> LEAVE.countDown();
            case "hold" -> Bench.work("holder", worker -> {
                synchronized (MONITOR) {
                    while (!stopped) {
                        pause(1_000_000);
                        COUNTS[0][0]++;
                    }
                }
            });
            case "need" -> {
                Bench.work("needs", worker -> {
                    worker.stop();
                    needMonitor();
                });
                return "";
            }
            case "late" -> Late.start(next());
            case "release" -> stopped = true;
            case "hook" -> Runtime.getRuntime().addShutdownHook(new Thread(() -> rotate(1_000_000)));
            case "exit" -> Bench.work("exit", worker -> exit());
            case "counts" -> {
                return Long.toString(sum());
            }
            case "moved" -> {
                return Long.toString(MOVED.get());
            }
            case "turns" -> {
                return Long.toString(ROTATIONS.get());
            }
            case "faults" -> {
                try {
                    return Class.forName("dev.loom.bootstrap.Faults").getMethod("recent").invoke(null).toString();
                } catch (ReflectiveOperationException e) {
                    return e.toString();
                }
            }
            case "ready" -> {
                return Long.toString(READY.get());
            }
            case "served" -> {
                return Long.toString(SERVED.get());
            }
            case "violations" -> {
                return Long.toString(VIOLATIONS.getAndSet(0));
            }
            case "inside" -> {
                return Boolean.toString(inside);
            }
            default -> {
                return "unknown command " + text;
            }
        }
        return "";
    }

    /** A class that is loaded when it is asked for. */
    private static final class Late {
        static void start(int counter) {
            Bench.work("late", worker -> {
                while (!stopped) {
                    COUNTS[counter][0]++;
                }
            });
        }
    }

    private static final Fence VIEW = new Fence();

    /** Has plain counters read anew. */
    private static final class Fence {
        private volatile int turn;

        void fence() {
            turn++;
        }
    }
}
