package dev.loom.benchmarks;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Locale;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/**
 * What runs in each JVM of the removal suite: {@code RemovalWorker WORKLOAD WARMUP_SECONDS SECONDS}, with the agent. Prints the CPU time
 * of a turn, ns: {@code BEFORE} a filter was installed, {@code DURING} its time in force, and {@code AFTER} its removal. With
 * {@code -Dbenchmark.install=false} it installs none, and measures at the same times.
 */
public final class RemovalWorker {

    private static final String FILTER = """
            filter "removal" {
                atomic dev.loom.benchmarks.Locks#region
                atomic dev.loom.benchmarks.JacksonWork#once
                atomic dev.loom.benchmarks.H2Work#once
            }
            """;

    private static final boolean INSTALLS = !System.getProperty("benchmark.install", "").equals("false");
    private static final MBeanServer BEANS = ManagementFactory.getPlatformMBeanServer();

    private RemovalWorker() {}

    public static void main(String[] arguments) throws Exception {
        double warmUp = Double.parseDouble(arguments[1]);
        double seconds = Double.parseDouble(arguments[2]);
        Workload workload = Worker.workload(arguments[0]);
        for (Class<?> type : new Class<?>[] {Locks.class, JacksonWork.class, H2Work.class}) {
            Class.forName(type.getName()); // the filter becomes ACTIVE once its classes are there
        }
        for (String phase : new String[] {"BEFORE", "DURING", "AFTER"}) {
            if (INSTALLS && phase.equals("DURING")) {
                call("install", "removal", FILTER, "");
                Worker.awaitFilters("removal", 1);
            } else if (INSTALLS && phase.equals("AFTER")) {
                call("remove", "removal");
                ObjectName filter = Worker.filterName("removal");
                while (BEANS.isRegistered(filter) && !BEANS.getAttribute(filter, "State").equals("REMOVED")) {
                    Thread.sleep(5);
                }
            }
            Worker.measure(workload, warmUp);
            System.out.printf(Locale.ROOT, "%s %.1f%n", phase, Worker.measure(workload, seconds));
        }
        System.exit(0);
    }

    private static void call(String operation, String... values) throws Exception {
        String[] types = new String[values.length];
        Arrays.fill(types, String.class.getName());
        BEANS.invoke(new ObjectName("dev.loom:type=Agent"), operation, values, types);
    }
}
