package dev.loom.benchmarks;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;

/** What a JVM holds once its garbage is collected, in KB. */
record Memory(long heap, long metaspace, int threads) {

    static Memory now() throws InterruptedException {
        for (int i = 0; i < 3; i++) {
            System.gc();
            Thread.sleep(100);
        }
        long metaspace = 0;
        for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
            if (pool.getType() == MemoryType.NON_HEAP && (pool.getName().contains("Metaspace") || pool.getName().contains("Class Space"))) {
                metaspace = Math.max(metaspace, pool.getUsage().getUsed());
            }
        }
        return new Memory(ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / 1024, metaspace / 1024, lasting());
    }

    /** Threads but for those that come and go with the JVM's own work. */
    private static int lasting() {
        return (int) Thread.getAllStackTraces().keySet().stream().filter(Thread::isAlive).filter(t -> !t.getName().startsWith("Common-Cleaner")).count();
    }
}
