package dev.loom.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Locale;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/**
 * What runs in each JVM: {@code Worker WORKLOAD WARMUP_SECONDS SECONDS}. Prints {@code NS x}: the CPU time of its thread
 * for one turn, or of its process where others work for it, ns. With {@code -Dbenchmark.filter=NAME} it waits until that
 * filter is ACTIVE.
 */
public final class Worker {

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final OperatingSystemMXBean PROCESS = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private static volatile long sink;

    private Worker() {}

    public static void main(String[] arguments) throws Exception {
        awaitFilter();
        double warmUp = Double.parseDouble(arguments[1]);
        double seconds = Double.parseDouble(arguments[2]);
        Workload workload = workload(arguments[0]);
        // the compiler's threads count where the process does
        measure(workload, workload.usesOtherThreads() ? 10 * warmUp : warmUp);
        System.out.printf(Locale.ROOT, "NS %.1f%n", measure(workload, seconds));
        System.exit(0);
    }

    /** Returns once the filters are in force with which the JVM was started. */
    static void awaitFilter() throws Exception {
        String filter = System.getProperty("benchmark.filter");
        if (filter != null) {
            // the classes are there before the filter counts as in force
            Class.forName(Locks.class.getName());
            Class.forName(Unmet.class.getName());
            awaitFilters(filter, Integer.getInteger("benchmark.filters", 1));
        }
    }

    static void awaitFilters(String pattern, int count) throws Exception {
        var server = ManagementFactory.getPlatformMBeanServer();
        long deadline = System.nanoTime() + 60_000_000_000L;
        while (active(server, filterName(pattern)) < count) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException(count + " filters are to be ACTIVE and " + active(server, filterName(pattern)) + " are");
            }
            Thread.sleep(5);
        }
    }

    static ObjectName filterName(String pattern) throws Exception {
        return new ObjectName("dev.loom:type=Filter,name=" + (pattern.equals("*") ? "*" : ObjectName.quote(pattern)));
    }

    private static int active(MBeanServer server, ObjectName pattern) throws Exception {
        int count = 0;
        for (ObjectName name : server.queryNames(pattern, null)) {
            if (server.getAttribute(name, "State").equals("ACTIVE")) {
                count++;
            }
        }
        return count;
    }

    static Workload workload(String name) throws Exception {
        return switch (name) {
            case "loops" -> Kernels::loops;
            case "matrix" -> Kernels.matrix();
            case "sort" -> Kernels.sort();
            case "words" -> Kernels::words;
            case "jackson" -> new JacksonWork();
            case "h2" -> new H2Work();
            case "lucene" -> new LuceneWork();
            case "netty" -> new NettyWork();
            case "tomcat" -> TomcatWork.start();
            case "spring" -> SpringWork.start();
            case "javac" -> new JavacWork();
            default -> Locks.of(name);
        };
    }

    static double measure(Workload workload, double seconds) throws Exception {
        long wanted = (long) (seconds * 1e9);
        long start = cpuTime(workload);
        long turns = 0;
        long used;
        long sum = 0;
        do {
            for (int i = 0; i < 8; i++) {
                sum += workload.once();
            }
            turns += 8;
            used = cpuTime(workload) - start;
        } while (used < wanted);
        sink = sum;
        return (double) used / turns;
    }

    private static long cpuTime(Workload workload) {
        return workload.usesOtherThreads() ? PROCESS.getProcessCpuTime() : THREADS.getCurrentThreadCpuTime();
    }
}
