package dev.loom.it.targets;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import javax.management.JMException;
import javax.management.ObjectName;

/** Runs workers and shows what they do on the MBean {@code dev.loom.it:type=Bench}. */
public final class Bench implements BenchMXBean {

    private static final Bench ONLY = new Bench();

    private final Map<String, Worker> workers = new ConcurrentHashMap<>();
    private final List<String> errors = Collections.synchronizedList(new ArrayList<>());
    private volatile Function<String, String> commands = text -> "unknown command " + text;

    private Bench() {}

    /** The work of a worker; returns only if its worker is to stop. */
    public interface Work {
        void run(Worker worker) throws Exception;
    }

    /** Shows the bean, says that the program is ready, and never returns. */
    static void run() throws InterruptedException {
        open();
        new CountDownLatch(1).await();
    }

    static void open() {
        try {
            ManagementFactory.getPlatformMBeanServer().registerMBean(ONLY, new ObjectName("dev.loom.it:type=Bench"));
        } catch (JMException e) {
            throw new IllegalStateException(e);
        }
        System.out.println("ready");
    }

    /** What {@link #command} does. */
    static void commands(Function<String, String> answer) {
        ONLY.commands = answer;
    }

    /** Starts a worker thread. */
    static Worker work(String name, Work work) {
        Worker worker = prepare(name, work);
        Thread thread = new Thread(worker, name);
        thread.setDaemon(true);
        worker.thread = thread;
        thread.start();
        return worker;
    }

    /** Makes a worker, for whoever has a thread for it. */
    static Worker prepare(String name, Work work) {
        Worker worker = new Worker(name, work, ONLY);
        ONLY.workers.put(name, worker);
        return worker;
    }

    static void error(String text) {
        ONLY.errors.add(text);
    }

    /** One worker. */
    public static final class Worker implements Runnable {
        private final String name;
        private final Work work;
        private final Bench bench;
        private volatile boolean stopped;
        private volatile long beats;
        private long last = System.nanoTime();
        private volatile long longestGap;
        volatile Thread thread;

        private Worker(String name, Work work, Bench bench) {
            this.name = name;
            this.work = work;
            this.bench = bench;
        }

        /** To be called at each turn. */
        public void beat() {
            long now = System.nanoTime();
            if (now - last > longestGap) {
                longestGap = now - last;
            }
            last = now;
            beats++;
        }

        public boolean isStopped() {
            return stopped;
        }

        /** Asks it to stop; it is then no error that its work returns. */
        void stop() {
            stopped = true;
        }

        @Override
        public void run() {
            try {
                work.run(this);
                if (!stopped) {
                    bench.errors.add(name + " has ended");
                }
            } catch (Throwable e) {
                StringBuilder text = new StringBuilder(name).append(" threw ").append(e);
                for (StackTraceElement frame : e.getStackTrace()) {
                    text.append("\n    ").append(frame);
                }
                bench.errors.add(text.toString());
            }
        }
    }

    static void forget(String worker) {
        ONLY.workers.remove(worker);
    }

    static Worker worker(String name) {
        return ONLY.workers.get(name);
    }

    @Override
    public Map<String, Long> getEntries() {
        return Board.allEntries();
    }

    @Override
    public Map<String, Long> getOverlaps() {
        return Board.allOverlaps();
    }

    @Override
    public Map<String, Long> getBeats() {
        Map<String, Long> beats = new TreeMap<>();
        workers.forEach((name, worker) -> beats.put(name, worker.beats));
        return beats;
    }

    @Override
    public long beatsOf(String name) {
        Worker worker = workers.get(name);
        return worker == null ? 0 : worker.beats;
    }

    @Override
    public List<String> getErrors() {
        return List.copyOf(errors);
    }

    @Override
    public long takeLongestGap() {
        long longest = 0;
        for (Worker worker : workers.values()) {
            longest = Math.max(longest, worker.longestGap);
            worker.longestGap = 0;
        }
        return longest;
    }

    @Override
    public long takeLongestGapOf(String name) {
        Worker worker = workers.get(name);
        long longest = worker.longestGap;
        worker.longestGap = 0;
        return longest;
    }

    @Override
    public String command(String text) {
        return commands.apply(text);
    }
}
