package dev.loom.filter.fuzz;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/** That no input keeps a thread busy: CPU time counts, for how long the machine lets it wait is not the code's fault. */
final class Effort {

    /** With the fuzzer's counters in the code, and before it is compiled. */
    private static final long MOST_NANOS = 1_000_000_000L * Integer.getInteger("loom.fuzz.seconds", 1);

    /** Inputs by which the code is warm. */
    private static final int WARM = 3_000;

    /** Runs of one input until it counts as slow. */
    private static final int ATTEMPTS = 4;

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static int inputs;

    private Effort() {}

    static void bounded(Runnable work) {
        long nanos = nanos(work);
        if (inputs++ > WARM && nanos > MOST_NANOS) {
            throw tooLong(nanos);
        }
    }

    /**
     * The same without a fuzzer, of one input. What takes longer the first time is done again: loading code and running it before it is
     * compiled is not the input's fault.
     */
    static void soon(Runnable work) {
        long least = Long.MAX_VALUE;
        for (int attempt = 0; attempt < ATTEMPTS && least > MOST_NANOS; attempt++) {
            least = Math.min(least, nanos(work));
        }
        if (least > MOST_NANOS) {
            throw tooLong(least);
        }
    }

    private static long nanos(Runnable work) {
        long before = THREADS.getCurrentThreadCpuTime();
        work.run();
        return THREADS.getCurrentThreadCpuTime() - before;
    }

    private static IllegalStateException tooLong(long nanos) {
        return new IllegalStateException("took " + nanos / 1_000_000 + " ms of CPU");
    }
}
