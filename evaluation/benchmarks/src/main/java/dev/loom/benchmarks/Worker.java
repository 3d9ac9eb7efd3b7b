package dev.loom.benchmarks;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicLong;
import javax.management.ObjectName;

/**
 * What runs in each JVM: {@code Worker WORKLOAD WARMUP_SECONDS SECONDS [THREADS]}. Prints {@code NS x}: the CPU time of its thread
 * for one turn, ns; for several threads the time that passed, by turns of all. With {@code -Dbenchmark.filter=NAME} it waits until that
 * filter is ACTIVE.
 */
public final class Worker {

    private static volatile long sink;

    private Worker() {}

    public static void main(String[] arguments) throws Exception {
        awaitFilter();
        double warmUp = Double.parseDouble(arguments[1]);
        double seconds = Double.parseDouble(arguments[2]);
        int threads = arguments.length > 3 ? Integer.parseInt(arguments[3]) : 1;
        Workload workload = workload(arguments[0]);
        if (threads == 1) {
            measure(workload, warmUp);
            System.out.printf(java.util.Locale.ROOT, "NS %.1f%n", measure(workload, seconds));
        } else {
            together(workload, warmUp, threads);
            System.out.printf(java.util.Locale.ROOT, "NS %.1f%n", together(workload, seconds, threads));
        }
        System.exit(0);
    }

    static void awaitFilter() throws Exception {
        String filter = System.getProperty("benchmark.filter");
        if (filter == null) {
            return;
        }
        ObjectName name = new ObjectName("dev.loom:type=Filter,name=" + ObjectName.quote(filter));
        var server = ManagementFactory.getPlatformMBeanServer();
        // the classes are there before the filter counts as in force
        new Locks();
        long deadline = System.nanoTime() + 60_000_000_000L;
        while (!server.isRegistered(name) || !server.getAttribute(name, "State").equals("ACTIVE")) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("the filter is not ACTIVE");
            }
            Thread.sleep(5);
        }
    }

    private static Workload workload(String name) throws Exception {
        return switch (name) {
            case "loops" -> Kernels::loops;
            case "matrix" -> Kernels.matrix();
            case "sort" -> Kernels.sort();
            case "words" -> Kernels::words;
            case "jackson" -> new JacksonWork();
            case "h2" -> new H2Work();
            case "lucene" -> new LuceneWork();
            default -> Locks.of(name);
        };
    }

    private static double measure(Workload workload, double seconds) throws Exception {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long wanted = (long) (seconds * 1e9);
        long start = threads.getCurrentThreadCpuTime();
        long turns = 0;
        long used;
        long sum = 0;
        do {
            for (int i = 0; i < 8; i++) {
                sum += workload.once();
            }
            turns += 8;
            used = threads.getCurrentThreadCpuTime() - start;
        } while (used < wanted);
        sink = sum;
        return (double) used / turns;
    }

    private static double together(Workload workload, double seconds, int count) throws Exception {
        CyclicBarrier barrier = new CyclicBarrier(count + 1);
        AtomicLong turns = new AtomicLong();
        long[] deadline = new long[1];
        Thread[] threads = new Thread[count];
        for (int t = 0; t < count; t++) {
            threads[t] = new Thread(() -> {
                try {
                    barrier.await();
                    long own = 0;
                    long sum = 0;
                    while (System.nanoTime() < deadline[0]) {
                        sum += workload.once();
                        own++;
                    }
                    sink = sum;
                    turns.addAndGet(own);
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            threads[t].start();
        }
        long start = System.nanoTime();
        deadline[0] = start + (long) (seconds * 1e9);
        barrier.await();
        for (Thread thread : threads) {
            thread.join();
        }
        return (double) (System.nanoTime() - start) / turns.get();
    }
}
