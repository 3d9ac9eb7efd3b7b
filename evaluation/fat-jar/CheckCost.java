import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.time.Duration;

/** Runs a main class and says at the end what this whole JVM has cost: CPU since its start, and the most heap that was in use. */
public final class CheckCost {

    private CheckCost() {}

    public static void main(String[] arguments) throws Exception {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            Duration cpu = ProcessHandle.current().info().totalCpuDuration().orElseThrow();
            long peak = 0;
            for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
                peak += pool.getType() == MemoryType.HEAP ? pool.getPeakUsage().getUsed() : 0;
            }
            System.out.println("CheckCost: cpu " + cpu.toMillis() + " ms, heap at most " + (peak >> 20) + " MiB");
        }));
        String[] rest = java.util.Arrays.copyOfRange(arguments, 1, arguments.length);
        Class.forName(arguments[0]).getMethod("main", String[].class).invoke(null, (Object) rest);
    }
}
