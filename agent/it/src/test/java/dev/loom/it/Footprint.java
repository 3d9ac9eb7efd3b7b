package dev.loom.it;

import dev.loom.it.harness.Jvm;
import java.io.IOException;
import java.lang.management.ClassLoadingMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.management.MemoryPoolMXBean;
import java.util.Locale;

/**
 * What a JVM holds after it has collected its garbage, by its own MBeans; bytes.
 *
 * @param cycle after how many installs and removals
 * @param codeCache of all its segments
 * @param classes loaded
 */
record Footprint(int cycle, long heap, long metaspace, long codeCache, int classes) {

    static final String HEADER = "cycle,heap,metaspace,codecache,classes";

    private static final int COLLECTIONS = 3;

    static Footprint of(Jvm jvm, int cycle) {
        try {
            MemoryMXBean memory = ManagementFactory.newPlatformMXBeanProxy(
                    jvm.jmx(), ManagementFactory.MEMORY_MXBEAN_NAME, MemoryMXBean.class);
            long heap = Long.MAX_VALUE;
            for (int i = 0; i < COLLECTIONS; i++) {
                // what a collection finds unreachable through weak references only the next one frees
                memory.gc();
                heap = Math.min(heap, memory.getHeapMemoryUsage().getUsed());
            }
            long metaspace = 0;
            long codeCache = 0;
            for (MemoryPoolMXBean pool : ManagementFactory.getPlatformMXBeans(jvm.jmx(), MemoryPoolMXBean.class)) {
                String name = pool.getName();
                if (name.equals("Metaspace")) {
                    metaspace = pool.getUsage().getUsed(); // the compressed class space is part of it
                } else if (name.startsWith("CodeHeap") || name.equals("CodeCache")) {
                    codeCache += pool.getUsage().getUsed();
                }
            }
            int classes = ManagementFactory.newPlatformMXBeanProxy(
                    jvm.jmx(), ManagementFactory.CLASS_LOADING_MXBEAN_NAME, ClassLoadingMXBean.class).getLoadedClassCount();
            return new Footprint(cycle, heap, metaspace, codeCache, classes);
        } catch (IOException e) {
            throw new IllegalStateException(jvm.output(), e);
        }
    }

    String csv() {
        return cycle + "," + heap + "," + metaspace + "," + codeCache + "," + classes;
    }

    static Footprint ofCsv(String line) {
        String[] parts = line.split(",");
        return new Footprint(
                Integer.parseInt(parts[0]), Long.parseLong(parts[1]), Long.parseLong(parts[2]), Long.parseLong(parts[3]),
                Integer.parseInt(parts[4]));
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "after %d cycles: heap %.1f MB, metaspace %.1f MB, code cache %.1f MB, %d classes",
                cycle, heap / 1e6, metaspace / 1e6, codeCache / 1e6, classes);
    }
}
