package dev.loom.filter.fuzz;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/** That no input keeps a thread busy: CPU time counts, for how long the machine lets it wait is not the code's fault. */
final class Effort {

    /** With the fuzzer's counters in the code, and before it is compiled. */
    private static final long MOST_NANOS = 1_000_000_000L * Integer.getInteger("loom.fuzz.seconds", 1);

    /** Inputs by which the code is warm. */
    private static final int WARM = 3_000;

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static int inputs;

    private Effort() {}

    static void bounded(Runnable work) {
        long before = THREADS.getCurrentThreadCpuTime();
        work.run();
        long nanos = THREADS.getCurrentThreadCpuTime() - before;
        if (inputs++ > WARM && nanos > MOST_NANOS) {
            throw new IllegalStateException("took " + nanos / 1_000_000 + " ms of CPU");
        }
    }
}
