package dev.loom.benchmarks;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Locale;
import java.util.concurrent.CyclicBarrier;

/**
 * What runs in each JVM of the lock suite: {@code LockWorker WORKLOAD WARMUP_SECONDS SECONDS THREADS}. Prints of one turn, a thousand
 * entries: {@code NS}, the CPU time of its thread, for several threads the time that passed by the turns of all, ns; {@code CPU}, the CPU time
 * of all threads by the turns of all; {@code BYTES} that its thread allocated; and {@code LONGEST}, the longest turn of any thread, ms.
 */
public final class LockWorker {

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static volatile long sink;

    private LockWorker() {}

    private static final class Entrant extends Thread {

        private final Workload workload;
        private final CyclicBarrier start;
        private final long nanos;
        private long turns;
        private long cpu;
        private long bytes;
        private long longest;
        private volatile Exception failed;

        Entrant(String workload, CyclicBarrier start, double seconds) {
            this.workload = Locks.of(workload);
            this.start = start;
            this.nanos = (long) (seconds * 1e9);
        }

        @Override
        public void run() {
            try {
                start.await();
                measure();
            } catch (Exception e) {
                failed = e;
            }
        }

        private void measure() throws Exception {
            long sum = 0;
            long bytesBefore = THREADS.getCurrentThreadAllocatedBytes();
            long cpuBefore = THREADS.getCurrentThreadCpuTime();
            long begin = System.nanoTime();
            long before = begin;
            while (before - begin < nanos) {
                sum += workload.once();
                turns++;
                long now = System.nanoTime();
                longest = Math.max(longest, now - before);
                before = now;
            }
            cpu = THREADS.getCurrentThreadCpuTime() - cpuBefore;
            bytes = THREADS.getCurrentThreadAllocatedBytes() - bytesBefore;
            sink = sum;
        }
    }

    public static void main(String[] arguments) throws Exception {
        Worker.awaitFilter();
        int threads = Integer.parseInt(arguments[3]);
        run(arguments[0], Double.parseDouble(arguments[1]), threads, false);
        run(arguments[0], Double.parseDouble(arguments[2]), threads, true);
        System.exit(0);
    }

    private static void run(String workload, double seconds, int count, boolean tell) throws Exception {
        CyclicBarrier start = new CyclicBarrier(count + 1);
        Entrant[] entrants = new Entrant[count];
        for (int t = 0; t < count; t++) {
            entrants[t] = new Entrant(workload, start, seconds);
            entrants[t].start();
        }
        start.await();
        long begin = System.nanoTime();
        long turns = 0;
        long cpu = 0;
        long bytes = 0;
        long longest = 0;
        for (Entrant entrant : entrants) {
            entrant.join();
            if (entrant.failed != null) {
                throw entrant.failed;
            }
            turns += entrant.turns;
            cpu += entrant.cpu;
            bytes += entrant.bytes;
            longest = Math.max(longest, entrant.longest);
        }
        long nanos = count == 1 ? cpu : System.nanoTime() - begin;
        if (tell) {
            System.out.printf(Locale.ROOT, "NS %.1f%nCPU %.1f%nBYTES %.1f%nLONGEST %.3f%n",
                    (double) nanos / turns, (double) cpu / turns, (double) bytes / turns, longest / 1e6);
        }
    }
}
